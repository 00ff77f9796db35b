import type { BackoffOptions } from "./client.types.ts";

/**
 * Milliseconds to wait before attempt number `attempt` (1 is the first repeat): full jitter, that is any time up to
 * an exponentially growing bound, so that the clients of a restarted server do not come back all at once.
 * `random` gives numbers in [0, 1).
 */
export function backoffDelay(attempt: number, random: () => number, options: BackoffOptions = {}): number {
  const base = options.baseMs ?? 500;
  const cap = options.capMs ?? 30_000;
  const bound = Math.min(cap, base * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(random() * bound);
}
