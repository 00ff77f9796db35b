/** A token bucket: `capacity` tokens at most, `perSecond` flow back. Capacity 0 means unlimited. */
export interface Bucket {
  capacity: number;
  perSecond: number;
}

/** `retryAfter` is in whole seconds, at least 1 when refused. */
export interface Permit {
  ok: boolean;
  retryAfter: number;
}

/**
 * Rate limits. A key is `<what>:<whom>`, e.g. `messages:<accountId>`. Taking is atomic for one key. An
 * implementation may forget a key that is full again. Nothing here is durable: a restart gives fresh buckets.
 */
export interface RateLimiter {
  take(key: string, bucket: Bucket, tokens?: number): Permit | Promise<Permit>;
}
