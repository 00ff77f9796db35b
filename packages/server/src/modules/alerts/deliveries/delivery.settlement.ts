import type { DeliveryReason } from "@foyer/protocol";
import type { Settlement } from "../../../platform/outbox/outbox.port.ts";
import type { DeliveryJob, DeliveryResult, Stage } from "./delivery.job.types.ts";

export type DeliverySettlement = Settlement<DeliveryJob, DeliveryResult>;

/** What may have changed in a delivery since it was claimed. */
export interface DeliveryNow {
  wanted: number;
  dueAt: number | null;
}

/** What a delivery becomes. What is undefined stays as it is. */
export interface DeliveryPatch {
  state?: "sent" | "failed";
  reason: DeliveryReason | null;
  stage: Stage | null;
  wanted?: number;
  shown?: number;
  shownAt?: number;
  externalId?: string | null;
  url?: string | null;
  tries: number;
  dueAt: number | null;
  uncertainSince?: number | null;
  sentAt?: number;
  latencyMs?: number;
}

/** What becomes of a delivery after a step. `row`: the delivery as it is now, under the fence of the job. */
export function patchOf(row: DeliveryNow, settlement: DeliverySettlement, now: number): DeliveryPatch {
  const { job, kind, result } = settlement;
  if (kind === "again") return again(row, settlement, now);
  if (result.step === null) {
    if (result.reason === null) return { ...quiet(row, job, result, now), reason: null };
    return { state: "failed", reason: result.reason, stage: job.stage, tries: 0, dueAt: null };
  }
  const { outcome } = result;
  if (outcome?.kind !== "done") {
    const reason = outcome?.reason ?? "unknown";
    if (result.step === "post") return { state: "failed", reason, stage: null, tries: 0, dueAt: null };
    return { ...quiet(row, job, result, now), reason };
  }
  const answeredAt = result.at + result.durationMs;
  const shown = { ...quiet(row, job, result, now), reason: null, shownAt: answeredAt };
  if (result.step !== "post") return shown;
  return {
    ...shown,
    // A try before may have got there first, and what stands there says what was so then: it is shown anew.
    ...(job.uncertainSince === null ? {} : { wanted: row.wanted + 1, dueAt: isTouched(row, job) ? row.dueAt : now }),
    state: "sent",
    externalId: outcome.externalId,
    url: outcome.url,
    uncertainSince: null,
    sentAt: answeredAt,
    latencyMs: Math.max(0, answeredAt - job.eventAt),
  };
}

/** Whether a post that did not come to its end may be there all the same. */
export function mayBeThere(reason: DeliveryReason, status: number | null): boolean {
  if (status !== null && status < 500) return false;
  return reason === "outage" || reason === "timeout" || reason === "unknown";
}

function again(row: DeliveryNow, { job, result, dueAt }: DeliverySettlement, now: number): DeliveryPatch {
  const reason = result.outcome?.kind === "again" ? result.outcome.reason : "unknown";
  const status = result.outcome?.status ?? null;
  const patch: DeliveryPatch = {
    reason,
    stage: job.stage,
    tries: job.tries + 1,
    // More to show came up meanwhile: still not before the receiver wants to be asked again.
    dueAt: Math.max(dueAt ?? now, isTouched(row, job) ? (row.dueAt ?? now) : now),
  };
  // An earlier try whose end is not known stays one, whatever became of this.
  if (job.stage === null && !mayBeThere(reason, status)) patch.uncertainSince = job.uncertainSince;
  return patch;
}

/** The job showed what there was to show, or cannot: it is quiet until more comes up. */
function quiet(row: DeliveryNow, job: DeliveryJob, result: DeliveryResult, now: number) {
  const isMore = row.wanted > job.wanted && result.stage !== "deleted";
  const more = isTouched(row, job) ? row.dueAt : now;
  return { stage: result.stage, shown: job.wanted, tries: 0, dueAt: isMore ? more : result.laterAt };
}

/** A claim sets when a delivery is due to the end of its lease: anything else was set by somebody after it. */
function isTouched({ dueAt }: DeliveryNow, { leaseUntil }: DeliveryJob): boolean {
  return dueAt !== leaseUntil;
}
