import { z } from "zod";
import { fault } from "../../harness/faults.ts";

const id = z.string().regex(/^\d{15,21}$/);
const name = z.string().trim().min(1).max(100);
const permissions = z.array(
  z.enum(["viewChannel", "sendMessages", "embedLinks", "readHistory", "mentionEveryone", "manageRoles"]),
);

/** Everything that can be done at the simulated Discord from outside, by the name of the action. */
export const discordAction = z.discriminatedUnion("action", [
  z.object({ action: z.literal("fail"), fault }),
  z.object({ action: z.literal("mend") }),
  z.object({ action: z.literal("deleteChannel"), channelId: id }),
  z.object({ action: z.literal("addChannel"), guildId: id, name }),
  /** What the bot is denied in one channel, whatever its roles say. */
  z.object({ action: z.literal("deny"), channelId: id, permissions }),
  /** What the bot may do in a guild at all. */
  z.object({ action: z.literal("allowBot"), guildId: id, permissions }),
  z.object({ action: z.literal("removeBot"), guildId: id }),
  z.object({ action: z.literal("giveRole"), guildId: id, roleId: id, login: z.string(), on: z.boolean() }),
  z.object({ action: z.literal("deleteMessage"), channelId: id, messageId: id }),
  z.object({ action: z.literal("revokeUser"), login: z.string() }),
  z.object({ action: z.literal("resetBotToken") }),
  z.object({ action: z.literal("block"), ms: z.coerce.number().int().min(0).max(3_600_000) }),
]);
export type DiscordAction = z.infer<typeof discordAction>;
