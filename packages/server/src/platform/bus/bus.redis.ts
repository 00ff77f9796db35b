import type { Logger } from "pino";
import { openRedisClient } from "../cluster/client.redis.ts";
import { type Bus, gapTopic } from "./bus.ts";
import { createMemoryBus } from "./memory.bus.ts";

export interface RedisBusDeps {
  /** `redis://…`; may hold a password. */
  url: string;
  /** Names the channel: the same on all nodes of one cluster, and on no other. */
  cluster: string;
  /** Names this node among them. */
  nodeId: string;
  log: Logger;
}

/** Publications that may wait while Redis is away. Past that they are lost, and every node is told of a gap. */
const mostWaiting = 10_000;

/**
 * The bus of several nodes. This node's own handlers are called before `publish` returns, as with the bus in memory,
 * so that a node never waits for Redis to know what it did itself; the others hear it through one channel, in the
 * order of each publisher. What was lost while a connection was down nobody can know: then every node that may have
 * missed something hears `gapTopic`.
 *
 * Resolves when it is connected; throws when Redis cannot be reached.
 */
export async function createRedisBus({ url, cluster, nodeId, log }: RedisBusDeps): Promise<Bus> {
  const own = createMemoryBus({ log });
  const channel = `foyer:${cluster}:bus`;
  let closed = false;
  let lost = false;

  function deliver(message: string): void {
    const [sender, rest] = cut(message);
    if (sender === nodeId || closed) return;
    const [topic, payload] = cut(rest);
    own.publish(topic, payload);
  }

  const sender = openRedisClient({
    url,
    log,
    role: "publisher",
    waiting: mostWaiting,
    whenBack() {
      if (!lost) return;
      lost = false;
      send(gapTopic, "");
    },
  });
  const listener = openRedisClient({
    url,
    log,
    role: "subscriber",
    waiting: mostWaiting,
    whenBack: () => own.publish(gapTopic, ""),
  });

  function send(topic: string, payload: string): void {
    sender.publish(channel, `${nodeId}\n${topic}\n${payload}`).catch((error: unknown) => {
      if (closed) return;
      lost = true;
      log.warn({ err: error, topic }, "a message to the other nodes was lost");
      if (sender.isReady) {
        lost = false;
        sender.publish(channel, `${nodeId}\n${gapTopic}\n`).catch(() => {
          lost = true;
        });
      }
    });
  }

  try {
    await Promise.all([sender.connect(), listener.connect()]);
  } catch (error) {
    sender.destroy();
    listener.destroy();
    throw error;
  }
  await listener.subscribe(channel, deliver);

  return {
    publish(topic, payload) {
      if (closed) return;
      own.publish(topic, payload);
      send(topic, payload);
    },
    subscribe: (topic, handler) => own.subscribe(topic, handler),
    async close() {
      if (closed) return;
      await sender.close().catch(() => sender.destroy());
      closed = true;
      listener.destroy();
      await own.close();
    },
  };
}

function cut(text: string): [string, string] {
  const end = text.indexOf("\n");
  return [text.slice(0, end), text.slice(end + 1)];
}
