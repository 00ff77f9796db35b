import { AppError } from "../../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../../platform/limits/rate.limiter.ts";

/** Bounds for what anybody may begin without an account, for each address. Both throw `rate.limited`. */
export interface Admission {
  /** Beginning with a passkey stores something for everybody who asks. */
  ceremony(addressHash: string): Promise<void>;
  guest(addressHash: string): Promise<void>;
}

/** `guests`: as many in a row, and a minute; 0 is unlimited. */
export function createAdmission({ limiter, guests }: { limiter: RateLimiter; guests: number }): Admission {
  return {
    async ceremony(addressHash) {
      const permit = await limiter.take(`passkeys:${addressHash}`, { capacity: 30, perSecond: 0.5 });
      if (!permit.ok) throw new AppError("rate.limited", "Too many attempts.", { retryAfter: permit.retryAfter });
    },
    async guest(addressHash) {
      const permit = await limiter.take(`guests:${addressHash}`, { capacity: guests, perSecond: guests / 60 });
      if (!permit.ok) throw new AppError("rate.limited", "Too many guests.", { retryAfter: permit.retryAfter });
    },
  };
}
