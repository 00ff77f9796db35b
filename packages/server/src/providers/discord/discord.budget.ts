import type { DiscordLane } from "../../modules/alerts/index.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";

/** Turns to send one request, kept ahead of Discord's limit for a whole bot. */
export interface DiscordBudget {
  /** Resolves when it is one's turn. Rejects with the signal's reason when that ends first. */
  take(lane: DiscordLane, signal: AbortSignal): Promise<void>;
  /** Nobody gets a turn for so many milliseconds: Discord said so. */
  pause(milliseconds: number): void;
}

export interface DiscordBudgetDeps {
  /** Shared by the nodes of a cluster: together they have one budget. */
  limiter: RateLimiter;
  /** Key of the limiter: one for each bot. */
  key: string;
  /** Monotonic milliseconds. */
  now: () => number;
  wait: (milliseconds: number) => Promise<void>;
}

/**
 * Discord takes 50 in a second, and does not say how it counts: what is full plus what flows in a second stays below
 * that in every second, wherever it begins.
 */
export const discordBucket = { capacity: 2, perSecond: 47 };
/** Half the time in which a token comes. The limiter itself speaks in whole seconds. */
const STEP_MS = 10;

/**
 * When all wait, alerts get 16 turns for each 4 of a person who looks at a page and each 1 of upkeep: an alert for a
 * thousand channels delays a page by a moment, and an hour's upkeep delays neither.
 */
const strides: Record<DiscordLane, number> = { alert: 1, page: 4, upkeep: 16 };

interface Lane {
  stride: number;
  /** Turns it has had, times its stride: who has had least is next. */
  pass: number;
  waiting: Set<() => void>;
}

export function createDiscordBudget({ limiter, key, now, wait }: DiscordBudgetDeps): DiscordBudget {
  const lanes = Object.fromEntries(
    Object.entries(strides).map(([name, stride]) => [name, { stride, pass: 0, waiting: new Set() } satisfies Lane]),
  ) as Record<DiscordLane, Lane>;
  let reached = 0;
  let pausedUntil = 0;
  let running = false;

  const waiting = () => Object.values(lanes).filter((lane) => lane.waiting.size > 0);

  function next(): void {
    const [lane] = waiting().toSorted((a, b) => a.pass - b.pass);
    const [grant] = lane?.waiting ?? [];
    if (lane === undefined || grant === undefined) return;
    reached = lane.pass;
    lane.pass += lane.stride;
    lane.waiting.delete(grant);
    grant();
  }

  /** Where the limiter fails, this node goes at the pace by itself. */
  const mayGo = async () => {
    try {
      return (await limiter.take(key, discordBucket)).ok;
    } catch {
      await wait(1000 / discordBucket.perSecond);
      return true;
    }
  };

  async function run(): Promise<void> {
    running = true;
    while (waiting().length > 0) {
      const left = pausedUntil - now();
      if (left > 0) await wait(left);
      else if (await mayGo()) next();
      else await wait(STEP_MS);
    }
    running = false;
  }

  return {
    take(laneName, signal) {
      signal.throwIfAborted();
      const lane = lanes[laneName];
      return new Promise((resolve, reject) => {
        const gone = () => {
          lane.waiting.delete(grant);
          reject(signal.reason as Error);
        };
        const grant = () => {
          signal.removeEventListener("abort", gone);
          resolve();
        };
        signal.addEventListener("abort", gone, { once: true });
        // Whoever was away gets no turns for the time in which nothing was wanted.
        if (lane.waiting.size === 0) lane.pass = Math.max(lane.pass, reached);
        lane.waiting.add(grant);
        if (!running) void run();
      });
    },
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, now() + milliseconds);
    },
  };
}
