import type { Logger } from "pino";
import type { Service } from "./lifecycle.ts";

/** Something that is done again and again. A run that is not over when the next is due makes that one fall out. */
export interface Job {
  name: string;
  everyMs: number;
  run(): Promise<void> | void;
}

/** Runs jobs by timers until it is drained; then waits for those that are under way. A job that fails is logged. */
export function startJobs(log: Logger, jobs: readonly Job[]): Service {
  const timers: NodeJS.Timeout[] = [];
  const busy = new Map<Job, Promise<void>>();

  function due(job: Job): void {
    if (busy.has(job)) return;
    const run = (async () => job.run())()
      .catch((error: unknown) => log.error({ err: error, operation: job.name }, "a job failed"))
      .finally(() => busy.delete(job));
    busy.set(job, run);
  }

  return {
    name: "jobs",
    start() {
      for (const job of jobs) timers.push(setInterval(() => due(job), job.everyMs).unref());
    },
    async drain() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(busy.values());
    },
  };
}
