import { Counter, Gauge, type Registry } from "prom-client";

/** What hearing counts. */
export interface HearingMetrics {
  /** Events of EventSub, each once for every thing that became of it. */
  event(type: string, result: "stored" | "duplicate" | "applied" | "ignored" | "postponed" | "unreadable"): void;
  /** Something that EventSub has not told (yet), and asking Twitch has found. */
  found(kind: "online" | "offline"): void;
  look(result: "ok" | "failed"): void;
  reconciliation(result: "ok" | "failed"): void;
}

/** `statuses`: how many EventSub subscriptions there are of each status; asked when somebody reads the figures. */
export function createHearingMetrics(
  registry: Registry,
  statuses: () => Promise<ReadonlyMap<string, number>>,
): HearingMetrics {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const events = counter("foyer_inbox_events_total", "Events of EventSub by type and what became of them.", [
    "type",
    "result",
  ]);
  const finds = counter(
    "foyer_eventsub_missed_total",
    "Beginnings and ends of streams that were found by asking Twitch, not told by EventSub.",
    ["kind"],
  );
  const looks = counter("foyer_eventsub_looks_total", "Looks at who is live, by result.", ["result"]);
  const reconciliations = counter(
    "foyer_eventsub_reconciliations_total",
    "Comparisons of the EventSub subscriptions with Twitch, by result.",
    ["result"],
  );
  new Gauge({
    name: "foyer_eventsub_subscriptions",
    help: "EventSub subscriptions by status, in Twitch's words.",
    labelNames: ["status"],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [status, count] of await statuses()) this.set({ status }, count);
    },
  });
  // There from the start: an increase from nothing cannot be seen.
  for (const result of ["ok", "failed"]) looks.inc({ result }, 0);
  return {
    event: (type, result) => events.inc({ type, result }),
    found: (kind) => finds.inc({ kind }),
    look: (result) => looks.inc({ result }),
    reconciliation: (result) => reconciliations.inc({ result }),
  };
}
