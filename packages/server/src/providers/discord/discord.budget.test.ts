import { expect, test } from "vitest";
import type { DiscordLane } from "../../modules/alerts/index.ts";
import { createMemoryLimiter } from "../../platform/limits/memory.limiter.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import { createDiscordBudget } from "./discord.budget.ts";

/** Budgets of several nodes on one limiter, in a time that goes on only while somebody waits. */
function world(nodes = 1, limiter?: RateLimiter) {
  let time = 1000;
  const sleepers: { until: number; wake: () => void }[] = [];
  const now = () => time;
  const wait = (milliseconds: number) =>
    new Promise<void>((wake) => {
      sleepers.push({ until: time + milliseconds, wake });
    });
  const shared = limiter ?? createMemoryLimiter({ now });
  const budgets = Array.from({ length: nodes }, () =>
    createDiscordBudget({ limiter: shared, key: "discord:1", now, wait }),
  );
  const turns: { at: number; lane: DiscordLane }[] = [];
  const signal = new AbortController().signal;

  function ask(lane: DiscordLane, count: number): Promise<unknown> {
    const asked = Array.from({ length: count }, (_, at) => budgets[at % nodes]?.take(lane, signal));
    return Promise.all(
      asked.map(async (each) => {
        await each;
        turns.push({ at: time, lane });
      }),
    );
  }

  /** Lets time go on until `done`. */
  async function until(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    for (let step = 0; step < 100_000; step++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return;
      const next = sleepers.toSorted((a, b) => a.until - b.until)[0];
      if (next === undefined) continue;
      sleepers.splice(sleepers.indexOf(next), 1);
      time = Math.max(time, next.until);
      next.wake();
    }
    throw new Error("it does not end");
  }

  return { budget: budgets[0] as (typeof budgets)[0], ask, until, turns, now };
}

/** The most turns within any second. */
function busiest(turns: readonly { at: number }[]): number {
  return Math.max(...turns.map(({ at }) => turns.filter((each) => each.at >= at && each.at < at + 1000).length));
}

test.each([1, 3])("stays below 50 in every second, and close to it, with %i nodes on one limiter", async (nodes) => {
  const { ask, until, turns } = world(nodes);
  await until(ask("alert", 300));
  expect(busiest(turns)).toBeLessThanOrEqual(50);
  const seconds = ((turns.at(-1)?.at ?? 0) - (turns[0]?.at ?? 0)) / 1000;
  expect(300 / seconds).toBeGreaterThan(44);
});

test("alerts, pages and upkeep get their shares when all wait, and each all of it when it is alone", async () => {
  const { ask, until, turns } = world();
  await until(Promise.all([ask("upkeep", 100), ask("page", 100), ask("alert", 160)]));
  const first = turns.slice(0, 105);
  const share = (lane: DiscordLane) => first.filter((each) => each.lane === lane).length;
  expect(share("alert")).toBeGreaterThan(70);
  expect(share("page")).toBeGreaterThan(15);
  expect(share("page")).toBeLessThan(25);
  expect(share("upkeep")).toBeGreaterThan(3);
  expect(share("upkeep")).toBeLessThan(8);
  expect(turns).toHaveLength(360);
});

test("whoever was idle has not saved up turns", async () => {
  const { ask, until, turns } = world();
  await until(ask("alert", 200));
  turns.length = 0;
  await until(Promise.all([ask("page", 50), ask("alert", 50)]));
  expect(turns.slice(0, 25).filter(({ lane }) => lane === "page").length).toBeLessThan(8);
});

test("nobody goes while Discord said to wait", async () => {
  const { budget, ask, until, turns, now } = world();
  budget.pause(3000);
  const from = now();
  await until(ask("alert", 3));
  expect(Math.min(...turns.map(({ at }) => at))).toBeGreaterThanOrEqual(from + 3000);
});

test("whoever stops waiting takes no turn, and does not hold the others up", async () => {
  const { budget, ask, until } = world();
  budget.pause(1000);
  const controller = new AbortController();
  const given = budget.take("alert", controller.signal);
  controller.abort(new Error("too late"));
  await expect(given).rejects.toThrow("too late");
  await until(ask("alert", 1));
  await expect(async () => budget.take("alert", controller.signal)).rejects.toThrow("too late");
});

test("goes at its own pace when the limiter fails", async () => {
  const broken: RateLimiter = { take: () => Promise.reject(new Error("away")) };
  const { ask, until, turns } = world(1, broken);
  await until(ask("alert", 100));
  expect(busiest(turns)).toBeLessThanOrEqual(50);
});
