/** Store of recovery codes, as hashes. */
export interface RecoveryCodesStore {
  /** How many are left, and when they were made; undefined when there are none. */
  count(accountId: string): Promise<{ left: number; createdAt: number } | undefined>;
  /** Puts these in place of all that there were. All or nothing. */
  replace(accountId: string, hashes: readonly string[], now: number): Promise<void>;
  /** Puts these in if there are none. False: there are some, and they stay. */
  addFirst(accountId: string, hashes: readonly string[], now: number): Promise<boolean>;
  /** Uses one up: of many at once one gets it. */
  take(accountId: string, hash: string): Promise<boolean>;
  removeAll(accountId: string): Promise<void>;
}
