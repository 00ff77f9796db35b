import type { Logger } from "pino";
import { DiscordLimited } from "../../modules/alerts/index.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";

/** Keeps this machine's address from being blocked by Discord. */
export interface DiscordGuard {
  /** Throws `DiscordLimited` while nothing may be asked. */
  check(): void;
  /** Counts an answer. */
  note(response: Response): Promise<void>;
}

export interface DiscordGuardDeps {
  limiter: RateLimiter;
  key: string;
  log: Logger;
  /** Monotonic milliseconds. */
  now: () => number;
}

/**
 * Discord blocks an address after 10,000 answers of 401, 403 or 429 in ten minutes. Half of it is the most here: a
 * quarter at once, and a quarter that flows back in ten minutes.
 */
const bucket = { capacity: 2500, perSecond: 2500 / 600 };
/** So long nothing is asked when it is used up. */
const REST_MS = 60_000;

export function createDiscordGuard({ limiter, key, log, now }: DiscordGuardDeps): DiscordGuard {
  let restsUntil = 0;

  return {
    check() {
      const left = restsUntil - now();
      if (left > 0) throw new DiscordLimited(left);
    },
    async note(response) {
      const { status } = response;
      if (status !== 401 && status !== 403 && status !== 429) return;
      // A limit that others used up is not our fault, and does not count.
      if (status === 429 && response.headers.get("x-ratelimit-scope") === "shared") return;
      const permit = await limiter.take(key, bucket);
      if (permit.ok) return;
      if (restsUntil <= now()) log.error({ status }, "Discord refused too much: nothing is asked for a minute");
      restsUntil = now() + REST_MS;
    },
  };
}
