import type { Logger } from "pino";
import { createClient, type RedisScripts } from "redis";

export interface RedisClientOptions<S extends RedisScripts> {
  /** `redis://…`; may hold a password. */
  url: string;
  /** What the connection is for, in the log. */
  role: string;
  log: Logger;
  /** Commands that may wait while Redis is away; 0: none, they fail at once. */
  waiting: number;
  scripts?: S;
  /** Hears that a connection which had broken is there again. */
  whenBack?: () => void;
}

/** What Redis answers to the first connection within this time counts; later ones are tried again for ever. */
const connectMs = 5000;
const longestPause = 2000;

/**
 * A client that is not connected yet. The first `connect` fails with the reason, so that an operator sees a wrong
 * address at once; a connection that breaks later is made again, with pauses of up to two seconds.
 */
export function openRedisClient<S extends RedisScripts = Record<never, never>>(options: RedisClientOptions<S>) {
  const { url, role, log, waiting, scripts, whenBack } = options;
  let wasReady = false;
  const client = createClient({
    url,
    ...(scripts === undefined ? {} : { scripts }),
    ...(waiting === 0 ? { disableOfflineQueue: true } : { commandsQueueMaxLength: waiting }),
    socket: {
      connectTimeout: connectMs,
      reconnectStrategy: (tries, cause) => (wasReady ? Math.min(longestPause, 50 * 2 ** Math.min(tries, 6)) : cause),
    },
  });
  client.on("error", (error: unknown) => {
    if (wasReady) log.warn({ err: error, component: role }, "the connection to Redis failed");
  });
  client.on("ready", () => {
    if (wasReady) whenBack?.();
    wasReady = true;
  });
  return client;
}
