import { z } from "zod";
import { id, roomId, time } from "../values.ts";
import { snowflake, streamer } from "./guilds.ts";
import { alertTemplate, endAction, mentionChoice } from "./templates.ts";

export const destinationKind = z.enum(["discord", "room", "push", "webhook"]);
export type DestinationKind = z.infer<typeof destinationKind>;

/** Why a destination was switched off by Foyer, not by a person. The numbers are Discord's. */
export const offReason = z.enum(["channel_gone", "no_access", "no_permission", "bot_removed", "room_gone", "gone"]);
export type OffReason = z.infer<typeof offReason>;

/**
 * Where alerts of a guild go. `target`: a channel of Discord, a room, or the host of a webhook; empty for push.
 * `template`, `mention`, `endAction` null: the guild's.
 */
export const destination = z.object({
  destinationId: id,
  kind: destinationKind,
  name: z.string(),
  target: z.string(),
  enabled: z.boolean(),
  offReason: offReason.nullable(),
  template: alertTemplate.nullable(),
  mention: mentionChoice.nullable(),
  endAction: endAction.nullable(),
  createdAt: time,
});
export type Destination = z.infer<typeof destination>;

const name = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, "must not hold control characters")
  .optional();

/** Push goes to everybody who has asked for it and follows the streamer: one such destination is enough. */
export const createDestinationBody = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("discord"), name, channelId: snowflake }),
  z.strictObject({ kind: z.literal("room"), name, roomId }),
  z.strictObject({ kind: z.literal("push"), name }),
  z.strictObject({ kind: z.literal("webhook"), name, url: z.url({ protocol: /^https?$/ }).max(2048) }),
]);
export type CreateDestinationBody = z.input<typeof createDestinationBody>;

/** `secret`: signs the requests to a webhook; told this once. */
export const createdDestination = destination.extend({ secret: z.string().optional() });

export const updateDestinationBody = z.strictObject({
  name,
  enabled: z.boolean().optional(),
  template: alertTemplate.nullable().optional(),
  mention: mentionChoice.nullable().optional(),
  endAction: endAction.nullable().optional(),
});
export type UpdateDestinationBody = z.input<typeof updateDestinationBody>;

/** What a destination does differently for one streamer. Null: as the destination does for all. */
export const streamerOverride = z.object({
  streamer,
  enabled: z.boolean(),
  template: alertTemplate.nullable(),
  mention: mentionChoice.nullable(),
});
export type StreamerOverride = z.infer<typeof streamerOverride>;

export const setOverrideBody = z.strictObject({
  enabled: z.boolean(),
  template: alertTemplate.nullable(),
  mention: mentionChoice.nullable(),
});

/** `template` null: the one that would be used now. Without a streamer an example is shown. */
export const previewBody = z.strictObject({
  template: alertTemplate.nullable(),
  destinationId: id.optional(),
  streamerId: id.optional(),
});

/** What became of a test: it never mentions anybody. `problem` says in words what to mend. */
export const testResult = z.object({
  ok: z.boolean(),
  reason: z.string().nullable(),
  problem: z.string().nullable(),
  latencyMs: z.number().int(),
});
export type TestResult = z.infer<typeof testResult>;
