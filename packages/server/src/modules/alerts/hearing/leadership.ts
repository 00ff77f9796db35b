import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { LeaseStore } from "./lease.store.ts";

/** Whether this node is the one that does for all what only one should do. */
export interface Leadership {
  /** Goes on leading, or tries to begin: for a job every second. Never throws. */
  turn(): Promise<void>;
  /** True while the lease lasts, and not a moment longer. */
  leads(): boolean;
  /** Lets another node begin at once. */
  release(): Promise<void>;
}

export interface LeadershipDeps {
  store: LeaseStore;
  /** Names this node. */
  holder: string;
  clock: Clock;
  log: Logger;
}

/** A node that is gone is replaced after so long. */
const LEASE_MS = 15_000;
const RENEW_MS = 5000;

/** Leadership by a lease in the database. Clocks of nodes may differ by some seconds: what is done twice harms nothing. */
export function createLeadership({ store, holder, clock, log }: LeadershipDeps): Leadership {
  let until = 0;
  let released = false;
  return {
    leads: () => clock.now() < until,
    async turn() {
      const now = clock.now();
      if (released || now < until - LEASE_MS + RENEW_MS) return;
      try {
        until = (await store.take(holder, now, now + LEASE_MS)) ? now + LEASE_MS : 0;
      } catch (error) {
        log.error({ err: error }, "the lease on hearing could not be taken");
      }
    },
    async release() {
      released = true;
      const held = until > 0;
      until = 0;
      if (held) await store.release(holder);
    },
  };
}
