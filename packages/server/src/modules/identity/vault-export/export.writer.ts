import { CompactEncrypt } from "jose";
import {
  type ExportCounts,
  type ExportedLink,
  KEY_TYPE,
  keyAlgorithms,
  lineAlgorithms,
  passphraseBytes,
  ROUNDS,
  sumOf,
  VERSION,
} from "./export.format.ts";

/** What a new file is sealed with. `contentKey`: 32 random bytes in base64url. */
export interface ExportSeal {
  passphrase: string;
  contentKey: string;
  /** In milliseconds since 1970. */
  exportedAt: number;
  /** Rounds of PBKDF2; only tests give fewer. */
  rounds?: number | undefined;
}

/** The first line of a file. Takes about half a second of one core, outside of the event loop. */
export async function firstLineOf({
  passphrase,
  contentKey,
  exportedAt,
  rounds = ROUNDS,
}: ExportSeal): Promise<string> {
  const key = await new CompactEncrypt(encode({ contentKey, exportedAt }))
    .setProtectedHeader({ ...keyAlgorithms, typ: KEY_TYPE })
    .setKeyManagementParameters({ p2c: rounds })
    .encrypt(passphraseBytes(passphrase));
  return `${JSON.stringify({ foyer: "vault", version: VERSION, sum: sumOf(key), key })}\n`;
}

/** The lines after the first one, made as they are taken. Returns what is in them. */
export async function* linesOf(
  contentKey: string,
  batches: AsyncIterable<readonly ExportedLink[]>,
): AsyncGenerator<string, ExportCounts> {
  const key = Buffer.from(contentKey, "base64url");
  const counts: ExportCounts = { links: 0, credentials: 0, unopened: 0 };
  let n = 0;
  const line = async (records: readonly ExportedLink[], end?: ExportCounts) => {
    n += 1;
    const header = { ...lineAlgorithms, n, ...(end === undefined ? {} : { end }) };
    return `${await new CompactEncrypt(encode(records)).setProtectedHeader(header).encrypt(key)}\n`;
  };
  for await (const records of batches) {
    for (const { tokens, unopened } of records) {
      counts.links += 1;
      if (tokens !== null) counts.credentials += 1;
      if (unopened !== undefined) counts.unopened += 1;
    }
    yield line(records);
  }
  yield line([], counts);
  return counts;
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
