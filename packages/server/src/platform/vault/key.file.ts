import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { type Clock, type Ids, isoTime } from "../clock/clock.ts";
import { OperatorError } from "../errors/operator.error.ts";

/** One key-encryption key of 32 bytes. */
export interface FileKey {
  /** Two letters and 16 characters: all of one length, because the SDK tells keys apart by how names begin. */
  id: string;
  /** 32 bytes in base64url. */
  key: string;
  madeAt: string;
}

/** What the file holds. `current` is the id of the key for new secrets. */
export interface FileKeys {
  current: string;
  keys: FileKey[];
}

const shape = z.object({
  version: z.literal(1),
  current: z.string(),
  keys: z
    .array(
      z.object({
        id: z.string().regex(/^k-[0-9a-f]{16}$/),
        key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
        madeAt: z.string(),
      }),
    )
    .min(1),
});

/** The file of the vault's keys in the data folder, used where there is no AWS KMS. */
export interface KeyFile {
  readonly path: string;
  /** The keys; undefined when there is no file. Throws OperatorError when others may read it or it is damaged. */
  read(): FileKeys | undefined;
  /** Changes whenever the file does. */
  stamp(): string;
  /** Adds a new key and makes it the current one; the old ones stay. Makes the file when there is none. Returns its id. */
  add(): string;
  /** The keys; makes the file with a first key when there is none and that is allowed. */
  ensure(): FileKeys;
}

/** What a key file needs. `make`: whether a missing file may be made at first use. */
export interface KeyFileDeps {
  path: string;
  make: boolean;
  clock: Clock;
  ids: Ids;
}

/** The key file at `path`. Touches nothing before it is asked. */
export function createKeyFile({ path, make, clock, ids }: KeyFileDeps): KeyFile {
  const draft = `${path}.new`;

  function newKey(): FileKey {
    const id = `k-${Buffer.from(ids.secret(8), "base64url").toString("hex")}`;
    return { id, key: ids.secret(32), madeAt: isoTime(clock.now()) };
  }

  /** The draft is the lock too: of two that write at once, one is told so, and no key is ever written over. */
  function change(next: (before: FileKeys | undefined) => FileKeys): FileKeys {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openDraft(draft);
    try {
      const keys = next(readKeys(path));
      try {
        writeSync(file, `${JSON.stringify({ version: 1, ...keys }, null, 2)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, path);
      syncFolder(dirname(path));
      return keys;
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  return {
    path,
    read: () => readKeys(path),
    stamp() {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? "none" : `${found.ino}:${found.size}:${found.mtimeMs}`;
    },
    add() {
      const key = newKey();
      change((before) => ({ current: key.id, keys: [...(before?.keys ?? []), key] }));
      return key.id;
    },
    ensure() {
      const found = readKeys(path);
      if (found !== undefined) return found;
      if (!make)
        throw new OperatorError(
          `The vault has no key: ${path} does not exist. Make one with \`foyer vault create-key\`, or set KMS_KEY_ID.`,
        );
      const key = newKey();
      return change((before) => before ?? { current: key.id, keys: [key] });
    },
  };
}

function openDraft(draft: string): number {
  try {
    return openSync(draft, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new OperatorError(
      `Another key is being made, or the making of one was interrupted: if nothing else runs, remove ${draft} and try again.`,
    );
  }
}

function readKeys(path: string): FileKeys | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const mode = found.mode & 0o777;
  if ((mode & 0o077) !== 0)
    throw new OperatorError(
      `Others may read the vault's keys in ${path} (mode ${mode.toString(8)}): chmod 600 ${path}`,
    );
  const parsed = shape.safeParse(parseJson(readFileSync(path, "utf8")));
  const current = parsed.data?.keys.some(({ id }) => id === parsed.data.current);
  if (!parsed.success || current !== true)
    throw new OperatorError(
      `${path} is damaged: put it back from a backup. Without it nothing in the vault can be opened.`,
    );
  return { current: parsed.data.current, keys: parsed.data.keys };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
