import type { Endpoint } from "@foyer/protocol";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../../platform/limits/rate.limiter.ts";
import type { HttpConfig } from "../http.config.ts";

/** The limits of HTTP. Each throws with the seconds to wait, which become `Retry-After`. */
export interface RequestLimits {
  /** One request of anybody. Throws `server.busy`. */
  everybody(): Promise<void>;
  /** One request of `whom`: an account, or the hash of an address. Throws `rate.limited`. */
  caller(whom: string): Promise<void>;
  /** One webhook from an address, before it is known who signed it. Throws `rate.limited`. */
  sender(address: string): Promise<void>;
  /** One request to an operation of that kind. Throws `rate.limited`. */
  kind(kind: NonNullable<Endpoint["limit"]>, whom: string): Promise<void>;
}

export function createRequestLimits(limiter: RateLimiter, limits: HttpConfig["limits"]): RequestLimits {
  const { requestsPerMinute, managementPerMinute, webhooksPerSecond, globalPerSecond } = limits;

  async function take(key: string, count: number, seconds: number, text: string): Promise<void> {
    const permit = await limiter.take(key, { capacity: count, perSecond: count / seconds });
    if (!permit.ok) throw new AppError("rate.limited", text, { retryAfter: permit.retryAfter });
  }

  return {
    async everybody() {
      const permit = await limiter.take("everybody", { capacity: globalPerSecond, perSecond: globalPerSecond });
      if (permit.ok) return;
      throw new AppError("server.busy", "The server has too much to do.", { retryAfter: permit.retryAfter });
    },
    caller: (whom) => take(`requests:${whom}`, requestsPerMinute, 60, "Too many requests."),
    // What one address forges must not take the place of what is signed.
    sender: (address) => take(`webhooks:${address}`, webhooksPerSecond, 1, "Too many webhooks from this address."),
    async kind(kind, whom) {
      if (kind === "management") {
        await take(`management:${whom}`, managementPerMinute, 60, "Too many requests to the management API.");
      } else {
        // Of all senders together: a service sends from many addresses, and each event costs the same.
        await take("webhooks", webhooksPerSecond, 1, "Too many webhooks.");
      }
    },
  };
}
