import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { sha256 } from "./once.ts";
import type { RecoveryCodesStore } from "./recovery.codes.store.ts";

/** Codes on paper, for the day on which the second factor is lost. */
export interface RecoveryCodes {
  count(accountId: string): Promise<{ left: number; createdAt: number } | undefined>;
  /** Ten new ones; the old ones end. */
  renew(accountId: string): Promise<string[]>;
  /** Ten, if the account has none. Undefined: it has some, which stay good. */
  first(accountId: string): Promise<string[] | undefined>;
  /** Uses one up. False: it is none, or was used. */
  use(accountId: string, code: string): Promise<boolean>;
  removeAll(accountId: string): Promise<void>;
}

const howMany = 10;
/** 120 bits, of which a letter shows five. ASVS 6.5.2 asks for 112. */
const bytesOfCode = 15;
/** Without i, l, o and u, which are read as something else (Crockford). */
const letters = "0123456789abcdefghjkmnpqrstvwxyz";

export function createRecoveryCodes(deps: { store: RecoveryCodesStore; clock: Clock; ids: Ids }): RecoveryCodes {
  const { store, clock, ids } = deps;
  // 120 random bits: a fast hash is enough for what cannot be guessed. The account keeps equal codes apart.
  const hashOf = (accountId: string, code: string) => sha256(`${accountId} ${normal(code)}`);
  const make = () => Array.from({ length: howMany }, () => written(Buffer.from(ids.secret(bytesOfCode), "base64url")));
  return {
    count: (accountId) => store.count(accountId),
    async renew(accountId) {
      const codes = make();
      await store.replace(
        accountId,
        codes.map((code) => hashOf(accountId, code)),
        clock.now(),
      );
      return codes;
    },
    async first(accountId) {
      const codes = make();
      const hashes = codes.map((code) => hashOf(accountId, code));
      return (await store.addFirst(accountId, hashes, clock.now())) ? codes : undefined;
    },
    use: (accountId, code) => store.take(accountId, hashOf(accountId, code)),
    removeAll: (accountId) => store.removeAll(accountId),
  };
}

/** In groups of four letters: six of them. */
function written(bytes: Uint8Array): string {
  let bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = "";
  for (let at = 0; at < (bytes.length * 8) / 5; at++) {
    text = letters.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text.match(/.{4}/g)?.join("-") ?? text;
}

/** However it was typed: without dashes and spaces, in small letters, with the look-alikes put right. */
function normal(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, "").replaceAll(/[il]/g, "1").replaceAll("o", "0");
}
