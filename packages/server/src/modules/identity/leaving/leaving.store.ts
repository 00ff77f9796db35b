/** What is left to do for an account that is gone. */
export interface Erasure {
  accountId: string;
  messages: "keep" | "erase";
}

/** Ids and hashes of what ended with an account, so that every node hears of it. */
export interface Ended {
  sessionIds: string[];
  tokens: { id: string; hash: string }[];
}

/** Store of leaving. Each operation is atomic by itself. */
export interface LeavingStore {
  /**
   * Deletes the account and everything of identity that is its own, keeps its handle from others until `keptUntil`, and
   * writes down what is left to erase. `last_owner`, and nothing is done, instead of leaving the server without an owner
   * who can sign in; `unknown` when it is gone already.
   */
  remove(
    accountId: string,
    messages: Erasure["messages"],
    now: number,
    keptUntil: number,
  ): Promise<Ended | "last_owner" | "unknown">;
  /** Guests made before `before` and not seen since, by id, behind `after`. */
  idleGuests(before: number, after: string, limit: number): Promise<string[]>;
  /** Deletes guests for good. Those that are not guests any more stay. */
  removeGuests(accountIds: readonly string[]): Promise<void>;
  /** What is left to erase, oldest first. */
  erasures(limit: number): Promise<Erasure[]>;
  erased(accountId: string): Promise<void>;
  /** Lets go of handles that were kept long enough. */
  freeHandles(now: number): Promise<void>;
}
