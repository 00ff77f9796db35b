import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../../platform/limits/rate.limiter.ts";
import type { SecurityEvents } from "../security.events.ts";

/** Slows guessing down. A `login` is whatever was typed: it is treated the same whether or not it is an account. */
export interface SignInLimits {
  /** Throws `rate.limited`, or waits for as long as the failures before ask for. */
  admit(login: string, addressHash: string): Promise<void>;
  /** For ways in that have no login: throws `rate.limited` when one address tries too often. */
  admitAddress(addressHash: string): Promise<void>;
  failed(login: string): void;
  succeeded(login: string): void;
}

export interface SignInLimitsDeps {
  limiter: RateLimiter;
  clock: Clock;
  events: SecurityEvents;
  perMinute: number;
  /** Waits so many milliseconds. */
  wait?: ((milliseconds: number) => Promise<void>) | undefined;
}

const FREE_FAILURES = 2;
const FIRST_DELAY = 250;
const LONGEST_DELAY = 4000;
/** Failures are forgotten after so many milliseconds without another. */
const MEMORY = 900_000;
const MOST_LOGINS = 10_000;

export function createSignInLimits(deps: SignInLimitsDeps): SignInLimits {
  const wait = deps.wait ?? ((milliseconds: number) => sleep(milliseconds));
  const failures = new Map<string, { count: number; at: number }>();
  const bucket = { capacity: deps.perMinute, perSecond: deps.perMinute / 60 };

  function count(login: string): number {
    const known = failures.get(login);
    return known === undefined || deps.clock.now() - known.at > MEMORY ? 0 : known.count;
  }

  async function take(by: "address" | "account", key: string): Promise<void> {
    const permit = await deps.limiter.take(`sign-ins:${by}:${key}`, bucket);
    if (permit.ok) return;
    deps.events.signInLimited(by);
    throw new AppError("rate.limited", "Too many attempts to sign in.", { retryAfter: permit.retryAfter });
  }

  return {
    admitAddress: (addressHash) => take("address", addressHash),
    async admit(login, addressHash) {
      await take("address", addressHash);
      await take("account", login);
      // Before the answer is known, so that giving up early gains nothing.
      const over = count(login) - FREE_FAILURES;
      if (over > 0) await wait(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (over - 1)));
    },
    failed(login) {
      const next = count(login) + 1;
      failures.delete(login);
      const oldest = failures.size >= MOST_LOGINS ? failures.keys().next().value : undefined;
      if (oldest !== undefined) failures.delete(oldest);
      failures.set(login, { count: next, at: deps.clock.now() });
    },
    succeeded(login) {
      failures.delete(login);
    },
  };
}
