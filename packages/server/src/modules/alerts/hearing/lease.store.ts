/** A lease on work that one node does for all. Times are milliseconds since 1970. Every operation is atomic. */
export interface LeaseStore {
  /**
   * Takes the lease, or goes on holding it, until `until`. False: somebody else holds it at `now`. Of several who try
   * at the same time one gets it.
   */
  take(holder: string, now: number, until: number): Promise<boolean>;
  /** Gives it back at once. What is remembered stays. */
  release(holder: string): Promise<void>;
  /** Remembers `memo`, whatever was there before. False, and nothing is changed: the lease is somebody else's. */
  remember(holder: string, memo: string): Promise<boolean>;
  /** What was remembered last, by whomever; empty: nothing. */
  recall(): Promise<string>;
}
