import { expect, test } from "vitest";
import { systemClock } from "../platform/clock/clock.ts";
import { silentLogger } from "../platform/logs/logger.ts";
import { createLifecycle, type Service } from "./lifecycle.ts";

function recorded(graceMs = 1000) {
  const events: string[] = [];
  const service = (name: string, more: Partial<Service> = {}): Service => ({
    name,
    start: () => void events.push(`start ${name}`),
    drain: () => void events.push(`drain ${name}`),
    stop: () => void events.push(`stop ${name}`),
    ...more,
  });
  return { events, service, lifecycle: createLifecycle({ log: silentLogger(), clock: systemClock, graceMs }) };
}

test("starts in order, drains all in reverse, and only then stops in reverse", async () => {
  const { events, service, lifecycle } = recorded();
  await lifecycle.start(service("database"));
  await lifecycle.start(service("http"));
  expect(lifecycle.stopping).toBe(false);
  expect(await lifecycle.stop()).toBe(true);
  expect(lifecycle.stopping).toBe(true);
  expect(events).toEqual([
    "start database",
    "start http",
    "drain http",
    "drain database",
    "stop http",
    "stop database",
  ]);
});

test("a service that failed to start is not ended, and what ran before it is", async () => {
  const { events, service, lifecycle } = recorded();
  await lifecycle.start(service("database"));
  const broken = service("http", { start: () => Promise.reject(new Error("the port is taken")) });
  await expect(lifecycle.start(broken)).rejects.toThrow("the port is taken");
  await lifecycle.stop();
  expect(events).toEqual(["start database", "drain database", "stop database"]);
});

test("one that fails or hangs does not keep the others from ending, and the grace period holds", async () => {
  const { events, service, lifecycle } = recorded(300);
  await lifecycle.start(service("database"));
  await lifecycle.start(service("hung", { drain: () => new Promise(() => {}), stop: () => new Promise(() => {}) }));
  await lifecycle.start(service("broken", { drain: () => Promise.reject(new Error("broken")) }));
  const began = performance.now();
  expect(await lifecycle.stop()).toBe(false);
  expect(performance.now() - began).toBeLessThan(1500);
  expect(events.filter((each) => !each.startsWith("start"))).toEqual([
    "drain database",
    "stop broken",
    "stop database",
  ]);
});

test("asking twice ends once", async () => {
  const { events, service, lifecycle } = recorded();
  await lifecycle.start(service("database"));
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  expect(events.filter((each) => each === "stop database")).toHaveLength(1);
  await expect(lifecycle.start(service("late"))).rejects.toThrow(/while the server stops/);
});
