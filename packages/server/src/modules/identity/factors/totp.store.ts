/** The authenticator app of an account. Times are milliseconds since 1970. */
export interface TotpRecord {
  accountId: string;
  sealed: string;
  keyId: string;
  createdAt: number;
  /** Null: begun, not turned on. */
  confirmedAt: number | null;
  lastStep: number;
  lastUsedAt: number | null;
  failures: number;
  lockedUntil: number;
}

/** Store of authenticator apps. Each operation is atomic by itself. */
export interface TotpStore {
  find(accountId: string): Promise<TotpRecord | undefined>;
  /** Begins with a secret, in place of one that was only begun. False: one is turned on already. */
  begin(accountId: string, secret: { sealed: string; keyId: string }, now: number): Promise<boolean>;
  /** Turns on what was begun with `sealed`. False: it is not there any more, or on already. */
  confirm(accountId: string, sealed: string, step: number, now: number): Promise<boolean>;
  /** Uses the code of a time step up. False: this one or a later one was used before; of many at once one gets it. */
  takeStep(accountId: string, step: number, now: number): Promise<boolean>;
  /** Counts a wrong code. Returns how many there were since the last right one. */
  failed(accountId: string): Promise<number>;
  lock(accountId: string, until: number): Promise<void>;
  /** False: there was none. */
  remove(accountId: string): Promise<boolean>;
  /** How many hang on which key. */
  countByKey(): Promise<{ keyId: string; total: number; lost: number }[]>;
  /** Those that hang on another key than `keyId`, by account, behind `after`. */
  underOtherKeys(keyId: string, after: string, limit: number): Promise<TotpRecord[]>;
  /** Puts the same secret in, sealed anew, if it is still sealed as `before`. */
  reseal(accountId: string, before: string, secret: { sealed: string; keyId: string }): Promise<boolean>;
}
