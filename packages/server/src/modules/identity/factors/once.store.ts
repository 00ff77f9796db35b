import type { OnceKind } from "./factors.tables.ts";

/** Something that is good once. `hash` is of what was given out: the thing itself is not stored. */
export interface OnceRecord {
  hash: string;
  kind: OnceKind;
  accountId: string | null;
  data: string | null;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Store of things that are good once. */
export interface OnceStore {
  add(record: OnceRecord): Promise<void>;
  /** Looks at one that is still good, and leaves it. */
  find(kind: OnceKind, hash: string, now: number): Promise<OnceRecord | undefined>;
  /** Takes one away: of many who take the same at once, one gets it. Undefined also when it is over. */
  take(kind: OnceKind, hash: string, now: number): Promise<OnceRecord | undefined>;
  /** Removes all of these kinds that belong to the account. */
  forget(accountId: string, kinds: readonly OnceKind[]): Promise<void>;
  /** Deletes what is over. */
  sweep(before: number): Promise<void>;
}
