import type { DeliveryReason, DestinationKind } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { Pace } from "../../../platform/outbox/backoff.ts";
import type { Verdict } from "../../../platform/outbox/outbox.port.ts";
import type { Announcement, DestinationSender, SendOutcome, SendTarget } from "../destinations/sender.port.ts";
import type { DeliveryJob, DeliveryResult, DeliveryStep, Stage } from "./delivery.job.types.ts";
import { nextStep } from "./delivery.steps.ts";
import type { DeliverySurroundings } from "./renderer.port.ts";

/** Pauses between tries, by what went wrong. */
export const paces = {
  /** The receiver mostly says itself for how long. */
  limited: { firstMs: 1_000, longestMs: 60_000 },
  /** Not longer than five minutes: so late at most is an alert after an outage. */
  outage: { firstMs: 2_000, longestMs: 300_000 },
  /** Somebody has to change something first. */
  refused: { firstMs: 60_000, longestMs: 900_000 },
  other: { firstMs: 5_000, longestMs: 600_000 },
} as const satisfies Record<string, Pace>;
export type PaceName = keyof typeof paces;

const paceOf: Partial<Record<DeliveryReason, PaceName>> = {
  rate_limited: "limited",
  outage: "outage",
  timeout: "outage",
  permission: "refused",
};

/** A change that is still not made after so many tries, about eight hours, is given up. */
const mostEditTries = 200;

export interface RunnerDeps extends DeliverySurroundings {
  senders: ReadonlyMap<DestinationKind, DestinationSender>;
  clock: Clock;
  log: Logger;
}

/** Does the next step of a delivery. Never throws for what a receiver does. */
export type DeliveryRunner = (job: DeliveryJob) => Promise<Verdict<DeliveryResult, PaceName>>;

/** A runner over the senders. */
export function createRunner(deps: RunnerDeps): DeliveryRunner {
  const { senders, clock, log } = deps;

  return async (job) => {
    const sender = senders.get(job.place.kind);
    const next = nextStep(job, sender?.edits ?? false, clock.now());
    const unasked = { step: null, outcome: null, off: null, at: clock.now(), durationMs: 0 };
    if (next.do === "rest") {
      return { kind: "done", result: { ...unasked, stage: job.stage, reason: null, laterAt: next.laterAt } };
    }
    if (next.do === "give-up") {
      return { kind: "dead", result: { ...unasked, stage: null, reason: next.reason, laterAt: null } };
    }
    const shows = next.do === "delete" ? "ended" : next.stage;
    const at = clock.now();
    const outcome = await attempt(sender, job, next.do, shows);
    const laterAt = next.do === "delete" ? null : next.laterAt;
    return verdictOf(job, {
      step: next.do,
      outcome,
      stage: stageAfter(job, next.do, shows, outcome),
      reason: null,
      // One phone that is gone says nothing about the others.
      off: outcome.kind === "failed" && job.recipient === "" ? (outcome.off ?? null) : null,
      laterAt,
      at,
      durationMs: Math.max(0, clock.now() - at),
    });
  };

  async function attempt(
    sender: DestinationSender | undefined,
    job: DeliveryJob,
    step: DeliveryStep,
    stage: "live" | "ended",
  ): Promise<SendOutcome> {
    // A kind that is not set up here (any more) may be set up again.
    if (sender === undefined) return { kind: "again", reason: "unknown", status: null };
    try {
      const { destinationId } = job.place;
      const target: SendTarget = {
        destinationId,
        guildId: job.guildId,
        target: await deps.addressOf(job.place),
        recipient: job.recipient,
      };
      const what = await announcementOf(job, step, stage);
      if (step === "post") return await sender.post(target, what);
      const id = job.externalId ?? "";
      return await (step === "edit" ? sender.edit(target, id, what) : sender.remove(target, id, what));
    } catch (error) {
      log.error(
        { err: error, operation: step, type: job.place.kind },
        "an alert could not be sent for a reason of ours",
      );
      return { kind: "again", reason: "unknown", status: null };
    }
  }

  async function announcementOf(job: DeliveryJob, step: DeliveryStep, stage: "live" | "ended"): Promise<Announcement> {
    const { place, broadcaster, stream } = job;
    // Told of when it is over, nobody has to hurry; and Discord hears nothing of mentions in an edit.
    const mentions = place.kind === "discord" && stage === "live" && step !== "delete";
    const mentionRoleId = mentions
      ? await deps.mentionRole(job.guildId, broadcaster.broadcasterId, place.mention)
      : null;
    const context = { kind: place.kind, stage, broadcaster, stream, guildName: job.guildName, mentionRoleId };
    return {
      deliveryId: job.deliveryId,
      revision: step === "post" ? 1 : job.wanted,
      stage,
      test: false,
      broadcaster,
      stream,
      message: deps.renderer.render(place.template, context),
      mentionRoleId,
      uncertainSince: step === "post" ? job.uncertainSince : null,
    };
  }
}

/** What stands at the destination after a step. */
function stageAfter(job: DeliveryJob, step: DeliveryStep, shows: Stage, outcome: SendOutcome): Stage | null {
  // Somebody took the message away: it is not put there again.
  const isGone = outcome.kind === "done" ? outcome.externalId === null : outcome.reason === "gone";
  if (step !== "post" && outcome.kind !== "again" && isGone) return "deleted";
  if (outcome.kind === "done") return step === "delete" ? "deleted" : shows;
  return job.stage;
}

function verdictOf(job: DeliveryJob, result: DeliveryResult): Verdict<DeliveryResult, PaceName> {
  const { outcome, step } = result;
  if (outcome?.kind !== "again") return { kind: outcome?.kind === "done" ? "done" : "dead", result };
  if (step !== "post" && job.tries >= mostEditTries) {
    return { kind: "dead", result: { ...result, outcome: { ...outcome, kind: "failed" } } };
  }
  return { kind: "again", pace: paceOf[outcome.reason] ?? "other", notBeforeMs: outcome.retryAfterMs, result };
}
