import { z } from "zod";
import { id, time } from "../values.ts";
import { destinationKind } from "./destinations.ts";

/** `waiting`: to be sent, or tried again. `sent`: it is there. `failed`: given up, with a reason; can be retried. */
export const deliveryState = z.enum(["waiting", "sent", "failed"]);
export type DeliveryState = z.infer<typeof deliveryState>;

/** Why a try did not work, or a delivery was given up. Stable words; texts are the page's. */
export const deliveryReason = z.enum([
  "rate_limited",
  "outage",
  "timeout",
  "permission",
  "gone",
  "rejected",
  "blocked_address",
  "destination_off",
  "too_late",
  "signature_refused",
  "unknown",
]);
export type DeliveryReason = z.infer<typeof deliveryReason>;

/** One try. `what`: what was to be done. `status`: of HTTP, where there was an answer. */
export const attempt = z.object({
  at: time,
  what: z.enum(["post", "edit", "delete"]),
  outcome: z.enum(["done", "again", "failed"]),
  reason: deliveryReason.nullable(),
  status: z.number().int().nullable(),
  durationMs: z.number().int(),
});
export type Attempt = z.infer<typeof attempt>;

/**
 * One alert on its way to one destination. Times are Twitch's (`startedAt`, `heardAt` when Foyer stored it) and
 * Foyer's. `latencyMs`: from Twitch's timestamp of the event to the destination's answer; null until it is sent.
 */
export const delivery = z.object({
  deliveryId: id,
  destinationId: id,
  destinationName: z.string(),
  kind: destinationKind,
  streamerName: z.string(),
  streamTitle: z.string(),
  state: deliveryState,
  reason: deliveryReason.nullable(),
  attempts: z.number().int(),
  startedAt: time,
  sentAt: time.nullable(),
  nextTryAt: time.nullable(),
  latencyMs: z.number().int().nullable(),
  /** Where it can be looked at. */
  url: z.string().nullable(),
  /** Push: how many phones and browsers it is for; else 1. `failed` of them could not be reached. */
  recipients: z.number().int(),
  failedRecipients: z.number().int(),
});
export type Delivery = z.infer<typeof delivery>;

export const deliveryDetail = delivery.extend({ history: z.array(attempt) });

/** Milliseconds; null where nothing was measured. */
const quantiles = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});

/** Alerts of some days, of one guild. `days` has one entry for each day in UTC, also where nothing happened. */
export const analytics = z.object({
  alerts: z.number().int(),
  sent: z.number().int(),
  failed: z.number().int(),
  waiting: z.number().int(),
  latency: quantiles,
  days: z.array(
    z.object({
      day: z.iso.date(),
      sent: z.number().int(),
      failed: z.number().int(),
      p50: z.number().nullable(),
      p95: z.number().nullable(),
    }),
  ),
  byDestination: z.array(
    z.object({ kind: destinationKind, sent: z.number().int(), failed: z.number().int(), latency: quantiles }),
  ),
  failures: z.array(z.object({ reason: deliveryReason, count: z.number().int() })),
});
export type Analytics = z.infer<typeof analytics>;
