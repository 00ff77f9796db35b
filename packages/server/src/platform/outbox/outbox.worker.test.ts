import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gapTopic } from "../bus/bus.ts";
import { createMemoryBus } from "../bus/memory.bus.ts";
import { silentLogger } from "../logs/logger.ts";
import { pauseOf } from "./backoff.ts";
import type { OutboxJob, Settlement, Verdict } from "./outbox.port.ts";
import { createOutboxWorker, type OutboxWorker } from "./outbox.worker.ts";

interface Work extends OutboxJob {
  lane: string;
  dueAt: number | null;
}

type Answer = Verdict<string, "soon">;

/** Work on a table of its own, where every step is seen. */
class Desk {
  now = 0;
  work: Work[] = [];
  claims: { lane: string; limit: number; got: number }[] = [];
  settled: Settlement<Work, string>[][] = [];
  running = new Map<string, (answer: Answer) => void>();
  mostRunning = 0;
  claimFails = false;
  settleFails = false;

  readonly store = {
    claim: async ({
      lane,
      now,
      leaseUntil,
      limit,
    }: {
      lane: string;
      now: number;
      leaseUntil: number;
      limit: number;
    }) => {
      if (this.claimFails) throw new Error("the database is away");
      const due = this.work.filter((each) => each.lane === lane && each.dueAt !== null && each.dueAt <= now);
      const taken = due.slice(0, limit);
      for (const each of taken) Object.assign(each, { fence: each.fence + 1, leaseUntil, dueAt: leaseUntil });
      this.claims.push({ lane, limit, got: taken.length });
      return taken.map((each) => ({ ...each }));
    },
    settle: async (settlements: readonly Settlement<Work, string>[]) => {
      if (this.settleFails) throw new Error("the database is away");
      this.settled.push([...settlements]);
      return settlements.map(({ job, dueAt, kind }) => {
        const row = this.work.find(({ key }) => key === job.key);
        if (row?.fence !== job.fence) return false;
        Object.assign(row, { dueAt, leaseUntil: 0, tries: kind === "again" ? job.tries + 1 : 0 });
        return true;
      });
    },
  };

  add(lane: string, key: string): void {
    this.work.push({ key, lane, fence: 0, leaseUntil: 0, tries: 0, dueAt: this.now });
  }

  breaks = false;

  run = (job: Work): Promise<Answer> => {
    if (this.breaks) return Promise.reject(new Error("a mistake"));
    this.mostRunning = Math.max(this.mostRunning, this.running.size + 1);
    return new Promise((resolve) => {
      this.running.set(job.key, (answer) => {
        this.running.delete(job.key);
        resolve(answer);
      });
    });
  };

  answer(key: string, answer: Answer = { kind: "done", result: "" }): void {
    this.running.get(key)?.(answer);
  }
}

const log = silentLogger();
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("an outbox worker", () => {
  let desk: Desk;
  let bus: ReturnType<typeof createMemoryBus>;
  let worker: OutboxWorker;

  beforeEach(() => {
    desk = new Desk();
    bus = createMemoryBus({ log });
    worker = createOutboxWorker<Work, string, "soon">({
      name: "test",
      store: desk.store,
      run: desk.run,
      broken: () => ({ kind: "again", pace: "soon", result: "broken" }),
      lanes: { a: 4, b: 1 },
      paces: { soon: { firstMs: 100, longestMs: 1_000 } },
      leaseMs: 60_000,
      drainMs: 30,
      bus,
      clock: { now: () => desk.now },
      ids: { fraction: () => 0.5 },
      log,
    });
  });
  afterEach(() => worker.drain());

  test("does nothing before it is started, and then what is there", async () => {
    desk.add("a", "1");
    worker.wake();
    await worker.poll();
    expect(desk.claims).toEqual([]);
    worker.start();
    await turn();
    expect([...desk.running.keys()]).toEqual(["1"]);
  });

  test("works on so much of each lane at once and no more; a full lane keeps none waiting", async () => {
    for (let index = 0; index < 10; index++) desk.add("a", `a${index}`);
    desk.add("b", "b0");
    desk.add("b", "b1");
    worker.start();
    await worker.poll();
    expect([...desk.running.keys()]).toEqual(["a0", "a1", "a2", "a3", "b0"]);
    desk.answer("b0");
    await turn();
    await turn();
    expect(desk.running.has("b1")).toBe(true);
    // Whatever order they end in, all is done without another word.
    while (desk.running.size > 0) {
      desk.answer([...desk.running.keys()].at(-1) ?? "");
      await turn();
      await turn();
    }
    expect(desk.work.every(({ dueAt }) => dueAt === null)).toBe(true);
    expect(desk.mostRunning).toBe(5);
  });

  test("is woken at once by the bus, by lane or altogether, and after a gap", async () => {
    worker.start();
    await turn();
    desk.claims = [];
    worker.wake("b");
    await turn();
    expect(desk.claims.map(({ lane }) => lane)).toEqual(["b"]);
    bus.publish(gapTopic, "");
    await turn();
    expect(desk.claims.map(({ lane }) => lane)).toEqual(["b", "a", "b"]);
  });

  test("sees what came while it was looking", async () => {
    worker.start();
    await turn();
    desk.add("a", "1");
    worker.wake();
    desk.add("a", "2");
    worker.wake();
    await turn();
    expect([...desk.running.keys()]).toEqual(["1", "2"]);
  });

  test("writes down together what ended together", async () => {
    for (let index = 0; index < 4; index++) desk.add("a", `a${index}`);
    worker.start();
    await worker.poll();
    for (let index = 0; index < 4; index++) desk.answer(`a${index}`);
    await turn();
    await turn();
    // The first does not wait for others; what ended while it was written goes together.
    expect(desk.settled.map((batch) => batch.length)).toEqual([1, 3]);
  });

  test("tries again after a pause that grows and is spread", async () => {
    desk.add("a", "1");
    worker.start();
    await worker.poll();
    const pauses: number[] = [];
    for (let round = 0; round < 6; round++) {
      desk.answer("1", { kind: "again", pace: "soon", result: "" });
      await turn();
      await turn();
      const due = desk.work[0]?.dueAt ?? 0;
      pauses.push(due - desk.now);
      desk.now = due;
      await worker.poll();
    }
    expect(pauses).toEqual([50, 100, 200, 400, 500, 500]);
    desk.answer("1", { kind: "again", pace: "soon", result: "", notBeforeMs: 5_000 });
    await turn();
    await turn();
    expect((desk.work[0]?.dueAt ?? 0) - desk.now).toBe(5_050);
  });

  test("a job that breaks is tried again; a claim that fails is repeated by the next poll", async () => {
    desk.add("a", "1");
    desk.breaks = true;
    desk.claimFails = true;
    worker.start();
    await worker.poll();
    expect(desk.settled).toEqual([]);
    desk.claimFails = false;
    await worker.poll();
    await turn();
    await turn();
    expect(desk.settled).toMatchObject([[{ kind: "again", result: "broken", dueAt: 50 }]]);
  });

  test("what cannot be written down is done again when its lease is over, under a higher fence", async () => {
    desk.add("a", "1");
    worker.start();
    await worker.poll();
    desk.settleFails = true;
    desk.answer("1");
    await turn();
    await turn();
    desk.settleFails = false;
    await worker.poll();
    expect(desk.running.size).toBe(0);
    desk.now = 60_000;
    await worker.poll();
    desk.answer("1");
    await turn();
    await turn();
    expect(desk.settled.map((batch) => batch.map(({ job }) => job.fence))).toEqual([[2]]);
  });

  test("drains: takes nothing new, waits for what is under way, but not for ever", async () => {
    desk.add("a", "1");
    worker.start();
    await worker.poll();
    const drained = worker.drain();
    desk.add("a", "2");
    worker.wake();
    await worker.poll();
    desk.answer("1");
    await drained;
    expect(desk.work.map(({ dueAt }) => dueAt)).toEqual([null, 0]);

    worker.start();
    await worker.poll();
    expect(desk.running.has("2")).toBe(true);
    await worker.drain();
    expect(desk.running.has("2")).toBe(true);
  });
});

test("a pause is never longer than allowed, nor shorter than was asked for", () => {
  const pace = { firstMs: 1_000, longestMs: 60_000 };
  expect(pauseOf(pace, { tries: 1, fraction: 0.999 })).toBeLessThanOrEqual(1_000);
  expect(pauseOf(pace, { tries: 500, fraction: 0.999 })).toBeLessThanOrEqual(60_000);
  expect(pauseOf(pace, { tries: 1, fraction: 0 })).toBe(0);
  expect(pauseOf(pace, { tries: 9, notBeforeMs: 7_000, fraction: 0.5 })).toBe(7_500);
  expect(pauseOf(pace, { tries: 1, notBeforeMs: -5, fraction: 0 })).toBe(0);
});
