import { z } from "zod";
import { fault } from "../../harness/faults.ts";

const login = z.string().min(1).max(25);
const text = z.string().trim().max(140);
const count = z.coerce.number().int().min(0).max(1_000_000);

/** Everything that can be done at the simulated Twitch from outside, by the name of the action. */
export const twitchAction = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("live"),
    login,
    title: text.optional(),
    game: text.optional(),
    viewers: count.optional(),
    language: z.string().max(8).optional(),
    tags: z.array(z.string().max(25)).max(10).optional(),
  }),
  z.object({ action: z.literal("end"), login }),
  /** Offline and online again: one stream, or with a new id. */
  z.object({ action: z.literal("flap"), login, newId: z.boolean().default(false) }),
  z.object({ action: z.literal("channel"), login, title: text.optional(), game: text.optional() }),
  z.object({ action: z.literal("viewers"), login, viewers: count }),
  /** Milliseconds in which Get Streams does not know a new stream, and still shows one that has ended. */
  z.object({ action: z.literal("lag"), startMs: count, endMs: count.default(0) }),
  z.object({ action: z.literal("record"), on: z.boolean() }),
  z.object({ action: z.literal("lose"), count, type: z.string().optional() }),
  z.object({ action: z.literal("delay"), ms: count }),
  z.object({ action: z.literal("duplicate"), count }),
  z.object({ action: z.literal("hold") }),
  z.object({ action: z.literal("release"), order: z.enum(["same", "reverse"]).default("same") }),
  z.object({ action: z.literal("resend"), messageId: z.string() }),
  z.object({ action: z.literal("fail"), fault }),
  z.object({ action: z.literal("mend") }),
  z.object({ action: z.literal("revokeSubscriptions"), login: login.optional(), status: z.string().optional() }),
  z.object({ action: z.literal("revokeUser"), login }),
  z.object({ action: z.literal("expireAppTokens") }),
  z.object({ action: z.literal("expireUserTokens"), login: login.optional() }),
  z.object({ action: z.literal("dropSockets"), code: z.coerce.number().int().min(4000).max(4007).optional() }),
  z.object({ action: z.literal("askToReconnect") }),
  z.object({ action: z.literal("silence"), on: z.boolean() }),
]);
export type TwitchAction = z.infer<typeof twitchAction>;
