import { Gauge, type Registry } from "prom-client";

/** How much of an outbox is due. `countDue` is asked when somebody reads the figures; it throws nothing. */
export interface WatchedOutbox {
  name: string;
  countDue(): Promise<number>;
}

/** Shows for each outbox how much work is due and not done: what grows there for minutes is not being done. */
export function watchOutboxes(metrics: Registry, outboxes: readonly WatchedOutbox[]): void {
  new Gauge({
    name: "foyer_outbox_due",
    help: "Work that is due and not done yet, by outbox.",
    labelNames: ["outbox"],
    registers: [metrics],
    async collect() {
      for (const { name, countDue } of outboxes) this.set({ outbox: name }, await countDue());
    },
  });
}
