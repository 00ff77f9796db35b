import type { Clock } from "../../../platform/clock/clock.ts";

/** Points that are left for what cannot wait. */
const RESERVE = 40;
/** Nobody waits longer for the bucket than Twitch takes to fill it. */
const LONGEST_MS = 60_000;

/** Keeps below Twitch's limit of requests, by what its answers say. */
export interface HelixBudget {
  /** Milliseconds to wait before the next request; it is counted now. */
  take(urgent: boolean): number;
  /** `limited`: the answer was 429, whatever its headers say. */
  note(headers: Headers, limited: boolean): void;
}

export function createHelixBudget(clock: Clock): HelixBudget {
  let remaining = Number.POSITIVE_INFINITY;
  let fullAt = 0;

  return {
    take(urgent) {
      const now = clock.now();
      if (now >= fullAt) remaining = Number.POSITIVE_INFINITY;
      remaining -= 1;
      if (remaining >= (urgent ? 0 : RESERVE)) return 0;
      return Math.min(LONGEST_MS, fullAt - now);
    },
    note(headers, limited) {
      const left = Number(headers.get("ratelimit-remaining") ?? Number.NaN);
      const reset = Number(headers.get("ratelimit-reset") ?? Number.NaN) * 1000;
      const now = clock.now();
      if (!limited && !(Number.isFinite(left) && Number.isFinite(reset))) return;
      // An answer that overtook others says more than there is: the least counts until the bucket is full again.
      remaining = limited ? 0 : Math.min(now < fullAt ? remaining : Number.POSITIVE_INFINITY, left);
      const until = Number.isFinite(reset) && reset > now ? reset : now + (limited ? 1000 : 0);
      fullAt = Math.min(until, now + LONGEST_MS);
    },
  };
}
