import { z } from "zod";
import { id, roomId, time } from "../values.ts";
import { guildId, streamer } from "./guilds.ts";

/** How one person wants to hear of one streamer in one guild. Both false: not at all (opted out). */
export const preference = z.object({
  guildId,
  guildName: z.string(),
  streamer,
  /** Mentioned in Discord: has the role that Foyer manages. Null where this guild has none, or one is not linked. */
  discord: z.boolean().nullable(),
  push: z.boolean(),
});
export type Preference = z.infer<typeof preference>;

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:30");

/** From `from` to `to` (over midnight where `to` is earlier), in `timeZone` (IANA), push stays silent. */
export const quietHours = z.strictObject({
  from: clockTime,
  to: clockTime,
  timeZone: z.string().min(1).max(64),
});
export type QuietHours = z.infer<typeof quietHours>;

/** One's own preferences: of every streamer in the guilds that one is in. */
export const preferences = z.object({
  items: z.array(preference),
  quietHours: quietHours.nullable(),
  /** False: no link to Discord, so that only `here` is listed. */
  discordLinked: z.boolean(),
});
export type Preferences = z.infer<typeof preferences>;

/** As the seed has it: `notifications_enabled` false is both off. */
export const setPreferenceBody = z.strictObject({ discord: z.boolean().optional(), push: z.boolean().optional() });
export const setQuietHoursBody = z.strictObject({ quietHours: quietHours.nullable() });

/** A browser's push subscription, as `PushSubscription.toJSON()` gives it. */
export const pushSubscriptionBody = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).max(2048),
  expirationTime: z.number().nullable().optional(),
  keys: z.strictObject({
    p256dh: z.string().regex(/^[\w-]{80,100}=*$/),
    auth: z.string().regex(/^[\w-]{20,32}=*$/),
  }),
});
export const pushDevice = z.object({ pushId: id, name: z.string(), createdAt: time, lastSentAt: time.nullable() });
export type PushDevice = z.infer<typeof pushDevice>;

/** Streams that are live now, for the rooms that announce them. */
export const liveRoom = z.object({ roomId, streamer });
export type LiveRoom = z.infer<typeof liveRoom>;
