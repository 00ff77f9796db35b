import { type Argon2Parameters, argon2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Ids } from "../../../platform/clock/clock.ts";
import type { HashingQueue } from "./hashing.queue.ts";

/** Makes and checks password hashes. Texts are compared in NFKC, so that a password is the same on every keyboard. */
export interface PasswordHasher {
  /** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. Throws `server.busy` when too many wait. */
  hash(password: string): Promise<string>;
  /** Without a stored hash it takes the same time and is false: nobody learns whether an account exists. */
  verify(password: string, stored: string | null | undefined): Promise<boolean>;
  /** True when `stored` was made with weaker parameters than today's. */
  isOutdated(stored: string): boolean;
}

/** What OWASP asks of argon2id at least: 19 MiB, two passes, one lane. */
const NOW = { memory: 19_456, passes: 2, parallelism: 1, length: 32 };
const compute = promisify(argon2);

interface Parsed {
  parameters: Omit<Argon2Parameters, "message">;
  hash: Buffer;
}

/** The hasher over `queue`, which bounds what it costs. */
export function createPasswordHasher({ ids, queue }: { ids: Ids; queue: HashingQueue }): PasswordHasher {
  const derive = (password: string, parameters: Parsed["parameters"]) =>
    queue.run(() => compute("argon2id", { ...parameters, message: Buffer.from(password.normalize("NFKC")) }));
  const nobody: Parsed = {
    parameters: { ...costs(NOW), nonce: Buffer.alloc(16), tagLength: NOW.length },
    hash: Buffer.alloc(NOW.length),
  };

  return {
    async hash(password) {
      const nonce = Buffer.from(ids.secret(16), "base64url");
      const hash = await derive(password, { ...costs(NOW), nonce, tagLength: NOW.length });
      return `$argon2id$v=19$m=${NOW.memory},t=${NOW.passes},p=${NOW.parallelism}$${base64(nonce)}$${base64(hash)}`;
    },
    async verify(password, stored) {
      const known = parse(stored);
      const { parameters, hash } = known ?? nobody;
      const derived = await derive(password, parameters);
      return timingSafeEqual(derived, hash) && known !== undefined;
    },
    isOutdated(stored) {
      const parameters = parse(stored)?.parameters;
      return parameters === undefined || parameters.memory < NOW.memory || parameters.passes < NOW.passes;
    },
  };
}

const costs = ({ memory, passes, parallelism }: typeof NOW) => ({ memory, passes, parallelism });
const base64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(stored: string | null | undefined): Parsed | undefined {
  const [, memory, passes, parallelism, salt, text] = PHC.exec(stored ?? "") ?? [];
  if (text === undefined || salt === undefined) return undefined;
  const hash = Buffer.from(text, "base64");
  return {
    parameters: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      nonce: Buffer.from(salt, "base64"),
      tagLength: hash.length,
    },
    hash,
  };
}
