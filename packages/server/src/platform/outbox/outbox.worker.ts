import type { Logger } from "pino";
import { type Bus, gapTopic } from "../bus/bus.ts";
import type { Clock, Ids } from "../clock/clock.ts";
import { type Pace, pauseOf } from "./backoff.ts";
import type { OutboxJob, OutboxStore, Settlement, Verdict } from "./outbox.port.ts";

export interface OutboxWorkerDeps<Job extends OutboxJob, Result, PaceName extends string> {
  /** Names the outbox on the bus and in the log. */
  name: string;
  store: OutboxStore<Job, Result>;
  /** Does one piece of work. */
  run(job: Job): Promise<Verdict<Result, PaceName>>;
  /** What becomes of a job whose `run` threw, which is a mistake of ours. */
  broken(job: Job, error: unknown): Verdict<Result, PaceName>;
  /** How many pieces of each lane are worked on at once, on this node. */
  lanes: Readonly<Record<string, number>>;
  /** Pauses by class of failure. */
  paces: Readonly<Record<PaceName, Pace>>;
  /**
   * For so long work is held, in milliseconds: so long it lies about when its worker dies. Where the store renews, a
   * try may take longer.
   */
  leaseMs: number;
  /** How long `drain` waits for work that is under way, in milliseconds. */
  drainMs: number;
  bus: Bus;
  clock: Clock;
  ids: Pick<Ids, "fraction">;
  log: Logger;
}

/** Works an outbox off. */
export interface OutboxWorker {
  /** Starts to work. Before that nothing is claimed. */
  start(): void;
  /** There is new work, in one lane or in any: looks at once, here and on the other nodes. Never throws. */
  wake(lane?: string): void;
  /** Renews leases and looks for work in all lanes: for a job every second. Never throws. */
  poll(): Promise<void>;
  /** Takes nothing new, and waits for what is under way, as long as `drainMs`. What is left comes back by its lease. */
  drain(): Promise<void>;
}

interface Lane {
  name: string;
  most: number;
  running: number;
  /** The look that is under way. */
  look: Promise<void> | undefined;
  /** There may be work that no look has seen yet. */
  more: boolean;
}

/** A lease that was lost and taken again is another one. */
const holdOf = ({ key, fence }: OutboxJob) => `${fence} ${key}`;

/**
 * A worker that loses nothing: work is held by a lease, which runs out by itself when this process dies, and what was
 * done is written down only under the fence of that lease. What ends while a transaction is under way is written down
 * by the next one, all together.
 */
export function createOutboxWorker<Job extends OutboxJob, Result, PaceName extends string>(
  deps: OutboxWorkerDeps<Job, Result, PaceName>,
): OutboxWorker {
  const { name, store, bus, clock, ids, log, leaseMs } = deps;
  const topic = `outbox.${name}`;
  const lanes = Object.entries(deps.lanes).map(([lane, most]): Lane => {
    return { name: lane, most, running: 0, look: undefined, more: false };
  });
  const ended: { lane: Lane; settlement: Settlement<Job, Result> }[] = [];
  const subscriptions: (() => void)[] = [];
  const held = new Map<string, Job>();
  let settling = false;
  let working = false;
  let idle = () => {};

  function look(lane: Lane): Promise<void> {
    lane.more = true;
    lane.look ??= looks(lane)
      .catch((error: unknown) => log.error({ err: error, component: name }, "work could not be claimed"))
      .finally(() => {
        lane.look = undefined;
      });
    return lane.look;
  }

  async function looks(lane: Lane): Promise<void> {
    while (lane.more && working && lane.running < lane.most) {
      lane.more = false;
      const now = clock.now();
      const limit = lane.most - lane.running;
      const jobs = await store.claim({ lane: lane.name, now, leaseUntil: now + leaseMs, limit });
      lane.more ||= jobs.length === limit;
      for (const job of jobs) begin(lane, job);
    }
  }

  function begin(lane: Lane, job: Job): void {
    lane.running += 1;
    held.set(holdOf(job), job);
    void attempt(job).then((settlement) => {
      held.delete(holdOf(job));
      if (settlement === undefined) return free([lane]);
      ended.push({ lane, settlement });
      if (!settling) void settleAll();
    });
  }

  async function attempt(job: Job): Promise<Settlement<Job, Result> | undefined> {
    // A process that stood still for so long holds nothing any more: somebody else may be at it.
    if (clock.now() >= job.leaseUntil) return undefined;
    let verdict: Verdict<Result, PaceName>;
    try {
      verdict = await deps.run(job);
    } catch (error) {
      log.error({ err: error, component: name }, "a piece of work broke");
      verdict = deps.broken(job, error);
    }
    return { job, kind: verdict.kind, result: verdict.result, dueAt: dueAt(job, verdict) };
  }

  function dueAt(job: Job, verdict: Verdict<Result, PaceName>): number | null {
    if (verdict.kind !== "again") return null;
    const pause = { tries: job.tries + 1, notBeforeMs: verdict.notBeforeMs, fraction: ids.fraction() };
    return clock.now() + pauseOf(deps.paces[verdict.pace], pause);
  }

  async function settleAll(): Promise<void> {
    settling = true;
    while (ended.length > 0) {
      const batch = ended.splice(0);
      await settle(batch.map(({ settlement }) => settlement));
      free(batch.map(({ lane }) => lane));
    }
    settling = false;
  }

  async function settle(settlements: Settlement<Job, Result>[]): Promise<void> {
    try {
      const held = await store.settle(settlements, clock.now());
      const count = held.filter((each) => !each).length;
      if (count > 0) log.warn({ count, component: name }, "work was taken over by another worker meanwhile");
    } catch (error) {
      // Not lost: the leases run out and it is done again, under the same keys.
      log.error({ err: error, count: settlements.length, component: name }, "what was done could not be written down");
    }
  }

  /** One entry for each slot that is free again. */
  function free(slots: readonly Lane[]): void {
    for (const lane of slots) lane.running -= 1;
    if (lanes.every(({ running }) => running === 0)) idle();
    for (const lane of new Set(slots)) {
      // A claim costs a transaction: it is worth one when a good part of the slots is free.
      if (lane.more && lane.running <= lane.most * 0.75) void look(lane);
    }
  }

  /** Work takes its time, but the lease of a worker that died shall not: it is short, and renewed before it is over. */
  async function renewAll(): Promise<void> {
    if (store.renew === undefined) return;
    const now = clock.now();
    const ending = [...held.values()].filter(({ leaseUntil }) => leaseUntil - now < leaseMs * 0.7);
    if (ending.length === 0) return;
    const renewed = await store.renew(ending, now + leaseMs);
    for (const job of ending) if (renewed.has(job.key)) job.leaseUntil = now + leaseMs;
  }

  async function lookAll(lane: string): Promise<void> {
    if (!working) return;
    await Promise.all(lanes.filter((each) => lane === "" || each.name === lane).map(look));
  }

  return {
    start() {
      working = true;
      subscriptions.push(
        bus.subscribe(topic, (lane) => void lookAll(lane)),
        bus.subscribe(gapTopic, () => void lookAll("")),
      );
      void lookAll("");
    },
    wake: (lane) => bus.publish(topic, lane ?? ""),
    async poll() {
      await renewAll().catch((error: unknown) => log.error({ err: error, component: name }, "leases were not renewed"));
      await lookAll("");
    },
    async drain() {
      for (const unsubscribe of subscriptions.splice(0)) unsubscribe();
      working = false;
      await Promise.all(lanes.flatMap((lane) => lane.look ?? []));
      if (lanes.every(({ running }) => running === 0)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      idle = resolve;
      const timer = setTimeout(resolve, deps.drainMs);
      await promise;
      clearTimeout(timer);
    },
  };
}
