import type { Logger } from "pino";
import { defineScript } from "redis";
import { openRedisClient } from "../cluster/client.redis.ts";
import type { Bucket, Permit, RateLimiter } from "./rate.limiter.ts";

export interface RedisLimiterDeps {
  url: string;
  cluster: string;
  log: Logger;
  /** Takes over while Redis is away: then each node counts by itself, which is better than none, or than nobody. */
  fallback: RateLimiter;
}

/**
 * One bucket: tokens and the time of Redis in milliseconds, in a hash that ends when the bucket would be full again.
 * Redis runs a script as one step, and its clock is the same for all nodes.
 */
const take = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local capacity, perSecond, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local held = redis.call('HMGET', KEYS[1], 't', 'a')
local tokens = capacity
if held[1] then
  tokens = math.min(capacity, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) / 1000 * perSecond)
end
local ok = tokens >= wanted
if ok then tokens = tokens - wanted end
redis.call('HSET', KEYS[1], 't', tostring(tokens), 'a', tostring(now))
local full = perSecond > 0 and math.ceil((capacity - tokens) / perSecond * 1000) + 1000 or 3600000
redis.call('PEXPIRE', KEYS[1], full)
if ok then return {1, 0} end
if perSecond <= 0 or wanted > capacity then return {0, 3600} end
return {0, math.max(1, math.ceil((wanted - tokens) / perSecond))}
`,
  parseCommand(parser, key: string, capacity: number, perSecond: number, tokens: number) {
    parser.pushKey(key);
    parser.push(String(capacity), String(perSecond), String(tokens));
  },
  transformReply: (reply: unknown) => reply as number[],
});

/** Token buckets that all nodes share. `close` ends the connection. Throws when Redis cannot be reached at the start. */
export async function createRedisLimiter(deps: RedisLimiterDeps): Promise<RateLimiter & { close(): Promise<void> }> {
  const { url, cluster, log, fallback } = deps;
  // What cannot be asked now is answered by this node alone, at once.
  const client = openRedisClient({ url, log, role: "limits", waiting: 0, scripts: { take } });
  try {
    await client.connect();
  } catch (error) {
    client.destroy();
    throw error;
  }

  return {
    async take(key: string, bucket: Bucket, tokens = 1): Promise<Permit> {
      if (bucket.capacity === 0) return { ok: true, retryAfter: 0 };
      if (!client.isReady) return fallback.take(key, bucket, tokens);
      try {
        const name = `foyer:${cluster}:limit:${key}`;
        const [ok, retryAfter] = await client.take(name, bucket.capacity, bucket.perSecond, tokens);
        return { ok: ok === 1, retryAfter: retryAfter ?? 1 };
      } catch {
        return fallback.take(key, bucket, tokens);
      }
    },
    async close() {
      await client.close().catch(() => client.destroy());
    },
  };
}
