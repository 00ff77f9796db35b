import type { Clock } from "../clock/clock.ts";
import type { Permit, RateLimiter } from "./rate.limiter.ts";

interface State {
  tokens: number;
  at: number;
}

const granted: Permit = { ok: true, retryAfter: 0 };

/**
 * Token buckets in this process. At most `keys` of them are kept: past that, those are forgotten that nobody has asked
 * for longest, which are the ones that have filled up again most.
 */
export function createMemoryLimiter(clock: Clock, keys = 100_000): RateLimiter & { size(): number } {
  const buckets = new Map<string, State>();
  return {
    size: () => buckets.size,

    take(key, { capacity, perSecond }, tokens = 1) {
      if (capacity === 0) return granted;
      const now = clock.now();
      const known = buckets.get(key);
      // A clock that is set back neither gives nor takes tokens.
      const flowed = known === undefined ? 0 : (Math.max(0, now - known.at) / 1000) * perSecond;
      const available = known === undefined ? capacity : Math.min(capacity, known.tokens + flowed);
      const ok = available >= tokens;
      // Deleting first moves the key to the end: the map's order is the order of use.
      if (known !== undefined) buckets.delete(key);
      else if (buckets.size >= keys) forgetOldest(buckets);
      buckets.set(key, { tokens: ok ? available - tokens : available, at: now });
      if (ok) return granted;
      const wait = perSecond > 0 && tokens <= capacity ? (tokens - available) / perSecond : 3600;
      return { ok: false, retryAfter: Math.max(1, Math.ceil(wait)) };
    },
  };
}

function forgetOldest(buckets: Map<string, State>): void {
  const oldest = buckets.keys().next().value;
  if (oldest !== undefined) buckets.delete(oldest);
}
