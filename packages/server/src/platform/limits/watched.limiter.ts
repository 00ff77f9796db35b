import type { Permit, RateLimiter } from "./rate.limiter.ts";

/** Kinds of keys that pace a conversation, or Foyer itself, and guard nothing: going over them is no violation. */
const PACING = new Set(["slow", "discord", "discord-refusals"]);
const ACCOUNT = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * `limiter`, and `violated` is told of every refusal: the name of the limit (what stands before the first colon of the
 * key), and the account where the key is one's. The rest of a key is told to nobody: it may be what a stranger typed.
 */
export function watchLimiter(
  limiter: RateLimiter,
  violated: (limit: string, accountId: string | undefined) => void,
): RateLimiter {
  function look(key: string, permit: Permit): Permit {
    if (permit.ok) return permit;
    const [limit = "", ...rest] = key.split(":");
    const whom = rest.at(-1) ?? "";
    if (!PACING.has(limit)) violated(limit, ACCOUNT.test(whom) ? whom : undefined);
    return permit;
  }
  return {
    take(key, bucket, tokens) {
      const permit = limiter.take(key, bucket, tokens);
      // An answer that is there at once stays so: the way of a message does not wait for nothing.
      return permit instanceof Promise ? permit.then((settled) => look(key, settled)) : look(key, permit);
    },
  };
}
