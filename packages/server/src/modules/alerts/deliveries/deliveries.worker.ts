import type { DestinationKind } from "@foyer/protocol";
import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { createOutboxWorker, type OutboxWorker } from "../../../platform/outbox/outbox.worker.ts";
import type { DeliveriesQueue } from "./deliveries.queue.ts";
import type { DeliveryJob, DeliveryResult } from "./delivery.job.types.ts";
import { type DeliveryRunner, type PaceName, paces } from "./delivery.runner.ts";
import type { DeliverySettlement } from "./delivery.settlement.ts";

/** How many sends of each kind are under way at once, on one node. Limits of a receiver are its sender's. */
const lanes: Record<DestinationKind, number> = { discord: 48, room: 16, push: 96, webhook: 32 };

/** When a node dies, what it was sending is sent by another so soon. Sends that take longer renew it. */
const leaseMs = 6_000;
/** Shorter than the time that the whole server has to end. */
const drainMs = 6_000;

export interface DeliveriesWorkerDeps {
  queue: DeliveriesQueue;
  run: DeliveryRunner;
  /** Called after a destination was switched off. */
  switchedOff: () => void;
  bus: Bus;
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Registry;
}

/** Sends what is to be sent. */
export function createDeliveriesWorker(deps: DeliveriesWorkerDeps): OutboxWorker {
  const { queue, bus, clock, ids, log } = deps;
  const observe = observer(deps.metrics);
  return createOutboxWorker<DeliveryJob, DeliveryResult, PaceName>({
    name: "alerts",
    store: {
      claim: (request) => queue.claim(request),
      renew: (jobs, leaseUntil) => queue.renew(jobs, leaseUntil),
      async settle(settlements, now) {
        const kept = await queue.settle(settlements, now);
        const valid = settlements.filter((_, index) => kept[index]);
        for (const settlement of valid) observe(settlement);
        if (valid.some(({ result }) => result.off !== null)) deps.switchedOff();
        return kept;
      },
    },
    run: (job) => deps.run(job),
    broken: (job) => ({
      kind: "again",
      pace: "other",
      result: {
        ...{ step: null, outcome: null, stage: job.stage, reason: null, off: null, laterAt: null },
        ...{ at: clock.now(), durationMs: 0 },
      },
    }),
    lanes,
    paces,
    leaseMs,
    drainMs,
    bus,
    clock,
    ids,
    log,
  });
}

function observer(metrics: Registry): (settlement: DeliverySettlement) => void {
  const total = new Counter({
    name: "foyer_alert_deliveries_total",
    help: "Steps of alerts by kind of destination, how they ended and why. `again`: to be tried once more.",
    labelNames: ["kind", "outcome", "reason"],
    registers: [metrics],
  });
  const latency = new Histogram({
    name: "foyer_alert_latency_seconds",
    help: "From Twitch's timestamp of the event to the destination's answer to the post.",
    labelNames: ["kind"],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 43_200],
    registers: [metrics],
  });
  // There from the start: an increase from nothing cannot be seen.
  for (const kind of ["discord", "room", "push", "webhook"] satisfies DestinationKind[]) {
    latency.zero({ kind });
    for (const outcome of ["sent", "again", "failed"]) total.inc({ kind, outcome, reason: "none" }, 0);
  }
  return ({ job, kind, result }) => {
    const { step, outcome } = result;
    if (step === null && result.reason === null && kind !== "again") return;
    const reason = outcome !== null && outcome.kind !== "done" ? outcome.reason : (result.reason ?? "none");
    const what = kind === "done" ? (step === "post" ? "sent" : `${step}`) : kind === "again" ? "again" : "failed";
    total.inc({ kind: job.place.kind, outcome: what, reason });
    if (kind === "done" && step === "post") {
      latency.observe({ kind: job.place.kind }, Math.max(0, result.at + result.durationMs - job.eventAt) / 1000);
    }
  };
}
