import { z } from "zod";
import { profile } from "./accounts.ts";
import { id, roomId, time } from "./values.ts";

const reason = z.string().trim().max(500);

/** Mute without `seconds` lasts until it is lifted; with them it is a time out. */
export const muteBody = z.strictObject({
  accountId: id,
  seconds: z.number().int().min(1).max(2_419_200).optional(),
  reason: reason.optional(),
});

/** `address: true` bans the addresses that the account was last seen at, too. No `seconds`: until lifted. */
export const banBody = z.strictObject({
  accountId: id,
  seconds: z.number().int().min(1).max(31_536_000).optional(),
  reason: reason.optional(),
  address: z.boolean().default(false),
});

/** A ban of a room, or of the whole server when `roomId` is null. */
export const ban = z.object({
  banId: id,
  roomId: roomId.nullable(),
  account: profile.nullable(),
  address: z.boolean(),
  reason: z.string(),
  by: profile.nullable(),
  createdAt: time,
  until: time.optional(),
});
export type Ban = z.infer<typeof ban>;

/** `literal` matches whole words whatever their case; `pattern` is an RE2 expression, linear in time. */
export const wordFilter = z.object({
  filterId: id,
  kind: z.enum(["literal", "pattern"]),
  expression: z.string(),
  createdAt: time,
});
export type WordFilter = z.infer<typeof wordFilter>;

export const createWordFilterBody = z.strictObject({
  kind: z.enum(["literal", "pattern"]),
  expression: z.string().trim().min(1).max(200),
});

export const reportBody = z.strictObject({ reason });

/** `excerpt` is the text at the time of the report, so that deleting it does not destroy the evidence. */
export const report = z.object({
  reportId: id,
  roomId,
  roomName: z.string(),
  messageId: id,
  author: profile,
  excerpt: z.string(),
  reason: z.string(),
  reporter: profile,
  createdAt: time,
  closedAt: time.optional(),
  closedBy: profile.optional(),
  outcome: z.enum(["dismissed", "acted"]).optional(),
});
export type Report = z.infer<typeof report>;

export const closeReportBody = z.strictObject({ outcome: z.enum(["dismissed", "acted"]) });
