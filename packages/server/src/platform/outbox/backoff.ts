/** Pauses of one class of failure: the first, doubled with each further try in vain, up to the longest; milliseconds. */
export interface Pace {
  firstMs: number;
  longestMs: number;
}

/** What a pause depends on. `tries`: how many tries in a row were in vain, this one included. */
export interface Pause {
  tries: number;
  /** What the other side asked for; nothing is tried sooner. */
  notBeforeMs?: number | undefined;
  /** From [0, 1). */
  fraction: number;
}

/**
 * Milliseconds until the next try: full jitter, so that what failed together does not come back together. A wait that
 * the other side asked for is kept whole, and the jitter comes on top of it.
 */
export function pauseOf({ firstMs, longestMs }: Pace, { tries, notBeforeMs, fraction }: Pause): number {
  const longest = Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, tries - 1)));
  // Whoever was told when to come back comes then: only a crowd is spread.
  const spread = notBeforeMs === undefined ? longest : Math.min(longest, firstMs);
  return Math.ceil(Math.max(0, notBeforeMs ?? 0) + spread * fraction);
}
