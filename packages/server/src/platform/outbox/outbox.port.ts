/** A piece of work that somebody holds for a time. */
export interface OutboxJob {
  /** Names it within its outbox. */
  key: string;
  /** Rises with every claim: who holds an older one holds nothing any more. */
  fence: number;
  /** Until then nobody else gets it, in milliseconds since 1970. */
  leaseUntil: number;
  /** How often in a row this work was tried in vain before. */
  tries: number;
}

/** Which work is wanted. `limit` is how much of it at most. */
export interface ClaimRequest {
  lane: string;
  now: number;
  leaseUntil: number;
  limit: number;
}

/**
 * How a try ended. `done` and `dead`: nothing is left to do, well or not. `again`: the same once more, after a pause of
 * the class `pace`, and not before `notBeforeMs` milliseconds have passed where somebody said so.
 */
export type Verdict<Result, Pace extends string = string> =
  | { kind: "done"; result: Result }
  | { kind: "dead"; result: Result }
  | { kind: "again"; pace: Pace; notBeforeMs?: number | undefined; result: Result };

/** What is to be written down. `dueAt`: when to try again, in milliseconds since 1970; null unless `again`. */
export interface Settlement<Job extends OutboxJob, Result> {
  job: Job;
  kind: Verdict<Result>["kind"];
  result: Result;
  dueAt: number | null;
}

/** Where the work is kept. Each operation is one transaction. */
export interface OutboxStore<Job extends OutboxJob, Result> {
  /**
   * Takes work of a lane that is due and that nobody holds, longest due first. Each piece gets the lease and a fence
   * higher than any before. Two claims never get the same piece while its lease lasts, whoever asks at the same time.
   */
  claim(request: ClaimRequest): Promise<Job[]>;
  /**
   * Writes down how tries ended, and gives up the leases. A settlement whose job was claimed anew meanwhile changes
   * nothing: the answer, in the order of the settlements, says for each whether it was written.
   */
  settle(settlements: readonly Settlement<Job, Result>[], now: number): Promise<boolean[]>;
  /**
   * Holds jobs until `leaseUntil`, as far as they are still held as they say. Tells which are. Where a store has none,
   * a lease has to be as long as the longest try.
   */
  renew?(jobs: readonly Job[], leaseUntil: number): Promise<ReadonlySet<string>>;
}
