import { AppError } from "../../../platform/errors/app.error.ts";

/** Runs costly work, a few at a time. */
export interface HashingQueue {
  /** Throws `server.busy` at once when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * At most `parallel` hashes at once, because each takes 19 MiB and a thread of the pool that files need too; at most
 * `waiting` more in line, so that a flood of sign-ins is refused instead of kept in memory.
 */
export function createHashingQueue({ parallel, waiting }: { parallel: number; waiting: number }): HashingQueue {
  let running = 0;
  const line: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= parallel) {
        if (line.length >= waiting)
          throw new AppError("server.busy", "Too many people sign in at once.", { retryAfter: 2 });
        // Whoever leaves hands its place over: `running` stays as it is.
        await new Promise<void>((resolve) => line.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        const next = line.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
