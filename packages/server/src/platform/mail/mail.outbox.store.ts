import type { KeyUse } from "../vault/sealed.shelf.ts";

/** A letter that waits, sealed. Times are milliseconds since 1970. */
export interface WaitingLetter {
  id: string;
  accountId: string;
  sealed: string;
  /** The key-encryption key that it hangs on; empty for a letter of before that was written down. */
  keyId: string;
  attempts: number;
  usefulUntil: number;
}

/** Store of letters that wait. Each operation is atomic by itself. */
export interface MailOutboxStore {
  add(letter: Omit<WaitingLetter, "attempts">, dueAt: number): Promise<void>;
  /**
   * Takes up to `limit` letters that are due, oldest first: nobody else gets them before `until`, when they are due
   * again by themselves.
   */
  claim(now: number, until: number, limit: number): Promise<WaitingLetter[]>;
  done(id: string): Promise<void>;
  /** Another try at `dueAt`. */
  postpone(id: string, dueAt: number): Promise<void>;
  forget(accountId: string): Promise<void>;
  /** How many hang on which key, as far as it was written down. */
  countByKey(): Promise<KeyUse[]>;
  /** Up to `limit` that hang on another key than `keyId`, or nobody knows on which, by id, behind `after`. */
  underOtherKeys(keyId: string, after: string, limit: number): Promise<WaitingLetter[]>;
  /** Puts the same letter in, sealed anew, if it is still there and sealed as `before`. */
  reseal(id: string, before: string, letter: { sealed: string; keyId: string }): Promise<boolean>;
}
