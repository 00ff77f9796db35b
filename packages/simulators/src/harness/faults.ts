import { z } from "zod";
import { Disconnect } from "./listen.ts";

/**
 * Something that a simulator does wrong on purpose. `kind` is one of the simulator's own, or `slow`, `disconnect` or
 * `timeout` (no answer at all, until somebody hangs up).
 */
export const fault = z.object({
  kind: z.string().min(1),
  /** Only for this operation, or all that begin with it and a dot; default: for all. */
  operation: z.string().optional(),
  /** Only for so many requests; default: until it is taken away. */
  times: z.number().int().positive().optional(),
  /** Only every so-manieth request that it could meet. */
  every: z.number().int().positive().optional(),
  /** Only for so long, in milliseconds of the simulator's clock. */
  forMs: z.number().int().positive().optional(),
  /** For `slow`: milliseconds before the answer. For what limits: until it may be tried again. */
  ms: z.number().int().nonnegative().optional(),
  /** For `error`: the HTTP status, where it is not 500. */
  status: z.number().int().min(400).max(599).optional(),
  /** The request is carried out first, and only the answer suffers: what was done is lost on the way back. */
  after: z.boolean().optional(),
});
export type Fault = z.infer<typeof fault>;

/** The switches of one simulator. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Those that are on. */
  all(): Fault[];
  /**
   * Goes through the faults for an operation before or after it is carried out: waits for `slow`, breaks the connection
   * for `disconnect` and `timeout`, and returns the first other one, for the simulator to answer with.
   */
  take(operation: string, when: "before" | "after"): Promise<Fault | undefined>;
  /** As `take`, but returns the kind alone. */
  meet(operation: string, when: "before" | "after"): Promise<string | undefined>;
}

interface Active {
  fault: Fault;
  until: number;
  met: number;
}

const HANG_MS = 120_000;

/** Switches that are all off. `now` in milliseconds. */
export function createFaults(now: () => number = () => Date.now()): Faults {
  let active: Active[] = [];

  function isMet(each: Active, operation: string, when: "before" | "after"): boolean {
    const { operation: only, after, every = 1, times } = each.fault;
    if (only !== undefined && operation !== only && !operation.startsWith(`${only}.`)) return false;
    if ((after === true) !== (when === "after")) return false;
    each.met += 1;
    if (each.met % every !== 0) return false;
    if (times !== undefined) {
      each.fault.times = times - 1;
      if (times === 1) active = active.filter((other) => other !== each);
    }
    return true;
  }

  async function take(operation: string, when: "before" | "after"): Promise<Fault | undefined> {
    active = active.filter(({ until }) => until > now());
    for (const each of [...active]) {
      if (!isMet(each, operation, when)) continue;
      const { kind, ms } = each.fault;
      if (kind === "slow") await pause(ms ?? 1000);
      else if (kind === "timeout") await pause(ms ?? HANG_MS);
      if (kind === "disconnect" || kind === "timeout") throw new Disconnect();
      if (kind !== "slow") return each.fault;
    }
    return undefined;
  }

  return {
    add: (added) => void active.push({ fault: { ...added }, until: now() + (added.forMs ?? Infinity), met: 0 }),
    clear() {
      active = [];
    },
    all: () => active.map(({ fault }) => ({ ...fault })),
    take,
    meet: async (operation, when) => (await take(operation, when))?.kind,
  };
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });
