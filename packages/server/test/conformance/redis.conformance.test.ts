import { connect as connectTo, createServer, type Socket } from "node:net";
import { createClient } from "redis";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createRedisBus } from "../../src/platform/bus/bus.redis.ts";
import type { Bus } from "../../src/platform/bus/bus.ts";
import { gapTopic } from "../../src/platform/bus/bus.ts";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import { createRedisLimiter } from "../../src/platform/limits/limiter.redis.ts";
import { createMemoryLimiter } from "../../src/platform/limits/memory.limiter.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { testCluster, testRedis } from "../support/test.redis.ts";
import { busConformance } from "./bus.conformance.ts";

const found = await testRedis();
const url = found ?? "redis://127.0.0.1:1";
const ids = createIds(systemClock);
const log = silentLogger();
const undo: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function node(cluster: string, at = url): Promise<Bus> {
  const bus = await createRedisBus({ url: at, cluster, nodeId: ids.uuid(), log });
  undo.push(() => bus.close());
  return bus;
}

/** A wire to Redis that can be cut: what is under way on it is lost. */
async function wire(): Promise<{ url: string; cut(): void; mend(): void }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let broken = false;
  const server = createServer((client) => {
    if (broken) return void client.destroy();
    const redis = connectTo(Number(port || 6379), hostname);
    for (const each of [client, redis]) {
      sockets.add(each);
      each
        .on("error", () => undefined)
        .on("close", () => {
          sockets.delete(each);
          client.destroy();
          redis.destroy();
        });
    }
    client.pipe(redis).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  undo.push(async () => {
    for (const each of sockets) each.destroy();
    server.close();
  });
  const address = server.address();
  return {
    url: `redis://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    cut() {
      broken = true;
      for (const each of sockets) each.destroy();
    },
    mend() {
      broken = false;
    },
  };
}

describe.skipIf(found === undefined)("the bus over Redis", () => {
  describe("as one node", () => {
    busConformance(
      () => node(testCluster()),
      async () => {},
    );
  });

  describe("as heard by another node", () => {
    const cluster = testCluster();
    let far: Bus;
    let near: Bus;
    // The other node listens, this one publishes: everything goes over the wire.
    const both = async (): Promise<Bus> => {
      far = await node(cluster);
      near = await node(cluster);
      return {
        publish: (topic, payload) => near.publish(topic, payload),
        subscribe: (topic, handler) => far.subscribe(topic, handler),
        async close() {
          await Promise.all([far.close(), near.close()]);
        },
      };
    };
    const settle = async () => {
      const done = new Promise<void>((resolve) => {
        const end = far.subscribe("settled", () => {
          end();
          resolve();
        });
      });
      near.publish("settled", "");
      // After a close nothing comes any more.
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 500))]);
    };
    busConformance(both, settle);
  });

  test("nodes of another cluster hear nothing", async () => {
    const mine = testCluster();
    const [a, b, stranger] = [await node(mine), await node(mine), await node(testCluster())];
    const heard: string[] = [];
    stranger.subscribe("a", () => heard.push("stranger"));
    b.subscribe("a", () => heard.push("b"));
    a.publish("a", "x");
    await vi.waitFor(() => expect(heard).toEqual(["b"]), { timeout: 5000 });
  });

  test("a node whose wire was cut is told of a gap once it is back, and hears again", async () => {
    const cluster = testCluster();
    const line = await wire();
    const [near, far] = [await node(cluster), await node(cluster, line.url)];
    const heard: string[] = [];
    far.subscribe("a", (payload) => heard.push(payload));
    far.subscribe(gapTopic, () => heard.push("gap"));
    near.publish("a", "1");
    await vi.waitFor(() => expect(heard).toEqual(["1"]), { timeout: 5000 });
    line.cut();
    near.publish("a", "lost");
    line.mend();
    await vi.waitFor(() => expect(heard).toContain("gap"), { timeout: 15_000 });
    near.publish("a", "2");
    await vi.waitFor(() => expect(heard.at(-1)).toBe("2"), { timeout: 5000 });
  });

  test("an address where no Redis is ends the start with a reason", async () => {
    await expect(
      createRedisBus({ url: "redis://127.0.0.1:1", cluster: testCluster(), nodeId: "n", log }),
    ).rejects.toThrow(/ECONNREFUSED|connect/i);
  }, 30_000);
});

describe.skipIf(found === undefined)("limits over Redis", () => {
  async function limiter(cluster: string, at = url) {
    const one = await createRedisLimiter({ url: at, cluster, log, fallback: createMemoryLimiter(systemClock) });
    undo.push(() => one.close());
    return one;
  }

  test("all nodes together get no more than the bucket holds", async () => {
    const cluster = testCluster();
    const nodes = [await limiter(cluster), await limiter(cluster), await limiter(cluster)];
    const bucket = { capacity: 20, perSecond: 0.001 };
    const permits = await Promise.all(
      Array.from({ length: 90 }, (_, at) => Promise.resolve(nodes[at % nodes.length]?.take("shared", bucket))),
    );
    expect(permits.filter((permit) => permit?.ok)).toHaveLength(20);
    expect(permits.find((permit) => !permit?.ok)?.retryAfter).toBeGreaterThan(0);
    expect(await nodes[0]?.take("another", bucket)).toEqual({ ok: true, retryAfter: 0 });
  });

  test("tokens flow back, capacity 0 is unlimited, and more than the bucket holds is never given", async () => {
    const one = await limiter(testCluster());
    const bucket = { capacity: 1, perSecond: 20 };
    expect((await one.take("k", bucket)).ok).toBe(true);
    await vi.waitFor(async () => expect((await one.take("k", bucket)).ok).toBe(true), { timeout: 5000 });
    for (let i = 0; i < 50; i++) expect((await one.take("free", { capacity: 0, perSecond: 0 })).ok).toBe(true);
    expect(await one.take("big", { capacity: 2, perSecond: 1 }, 3)).toEqual({ ok: false, retryAfter: 3600 });
  });

  test("while Redis is away each node counts by itself, and shares again afterwards", async () => {
    const line = await wire();
    const cluster = testCluster();
    const one = await limiter(cluster, line.url);
    const bucket = { capacity: 3, perSecond: 0.001 };
    line.cut();
    const given = [];
    for (let i = 0; i < 5; i++) given.push((await one.take("k", bucket)).ok);
    expect(given.filter(Boolean)).toHaveLength(3);
    line.mend();
    const other = await limiter(cluster);
    await other.take("after", bucket, 3);
    await vi.waitFor(async () => expect((await one.take("after", bucket)).ok).toBe(false), { timeout: 15_000 });
  });

  test("keys leave Redis when their bucket is full again", async () => {
    const cluster = testCluster();
    const one = await limiter(cluster);
    await one.take("k", { capacity: 2, perSecond: 10 });
    const client = createClient({ url });
    await client.connect();
    undo.push(async () => client.destroy());
    expect(await client.pTTL(`foyer:${cluster}:limit:k`)).toBeGreaterThan(0);
    expect(await client.pTTL(`foyer:${cluster}:limit:k`)).toBeLessThanOrEqual(2000);
  });
});
