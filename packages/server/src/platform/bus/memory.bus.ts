import type { Logger } from "pino";
import type { Bus } from "./bus.ts";

/**
 * The bus of a single process. Delivers before `publish` returns, except when a handler publishes: that waits until
 * every handler has seen what came before, so that all see one order. A handler that throws is logged and harms no
 * other.
 */
export function createMemoryBus({ log }: { log: Logger }): Bus {
  const topics = new Map<string, Set<(payload: string) => void>>();
  const queue: { topic: string; payload: string }[] = [];
  let delivering = false;
  let closed = false;

  function deliver(topic: string, payload: string): void {
    for (const handler of topics.get(topic) ?? []) {
      try {
        handler(payload);
      } catch (error) {
        log.error({ err: error, topic }, "a bus handler failed");
      }
    }
  }

  return {
    publish(topic, payload) {
      if (closed) return;
      queue.push({ topic, payload });
      if (delivering) return;
      delivering = true;
      try {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) deliver(next.topic, next.payload);
      } finally {
        delivering = false;
      }
    },

    subscribe(topic, handler) {
      // A wrapper of its own: the same function may subscribe twice and end one of the two.
      const own = (payload: string) => handler(payload);
      const handlers = topics.get(topic) ?? new Set();
      topics.set(topic, handlers.add(own));
      return () => {
        handlers.delete(own);
        if (handlers.size === 0 && topics.get(topic) === handlers) topics.delete(topic);
      };
    },

    async close() {
      closed = true;
      queue.length = 0;
      topics.clear();
    },
  };
}
