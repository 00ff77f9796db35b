import { expect, test } from "vitest";
import type { Bus } from "../../src/platform/bus/bus.ts";

/**
 * What every bus must do, in one process or over a wire. `connect` gives one more node of the same bus; `settle`
 * waits until what was published so far has arrived everywhere.
 */
export function busConformance(connect: () => Promise<Bus>, settle: () => Promise<void>): void {
  test("delivers to every subscriber of the topic, the publisher included, and to nobody else", async () => {
    const bus = await connect();
    const seen: string[] = [];
    bus.subscribe("a", (payload) => seen.push(`1:${payload}`));
    bus.subscribe("a", (payload) => seen.push(`2:${payload}`));
    bus.subscribe("b", (payload) => seen.push(`3:${payload}`));
    bus.publish("a", '"x"');
    await settle();
    expect(seen.sort()).toEqual(['1:"x"', '2:"x"']);
    await bus.close();
  });

  test("keeps the order of one publisher, also when a handler publishes", async () => {
    const bus = await connect();
    const first: string[] = [];
    const second: string[] = [];
    bus.subscribe("a", (payload) => {
      first.push(payload);
      if (payload === "0") bus.publish("a", "from a handler");
    });
    bus.subscribe("a", (payload) => second.push(payload));
    for (let i = 0; i < 500; i++) bus.publish("a", String(i));
    await settle();
    await settle();
    expect(second).toEqual(first);
    expect(first.filter((each) => each !== "from a handler")).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
    expect(first).toContain("from a handler");
    await bus.close();
  });

  test("a handler that throws keeps nothing from the others", async () => {
    const bus = await connect();
    const seen: string[] = [];
    bus.subscribe("a", () => {
      throw new Error("broken handler");
    });
    bus.subscribe("a", (payload) => seen.push(payload));
    bus.publish("a", "1");
    bus.publish("a", "2");
    await settle();
    expect(seen).toEqual(["1", "2"]);
    await bus.close();
  });

  test("ending one subscription leaves the others, even of the same function", async () => {
    const bus = await connect();
    const seen: string[] = [];
    const handler = (payload: string) => seen.push(payload);
    const end = bus.subscribe("a", handler);
    bus.subscribe("a", handler);
    end();
    end();
    bus.publish("a", "1");
    await settle();
    expect(seen).toEqual(["1"]);
    await bus.close();
  });

  test("after close nothing is delivered, and publishing does no harm", async () => {
    const bus = await connect();
    const seen: string[] = [];
    bus.subscribe("a", (payload) => seen.push(payload));
    await bus.close();
    bus.publish("a", "1");
    await settle();
    expect(seen).toEqual([]);
  });
}
