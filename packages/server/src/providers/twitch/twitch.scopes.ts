import { type PermissionLevel, permissionLevels } from "@foyer/protocol";
import type { LevelScopes } from "../../modules/identity/index.ts";

/**
 * What each permission level adds, and what Foyer does with it. A scope that nothing needs is not asked for: each is a
 * line that people read at Twitch, and something that a thief of a token could do.
 */
export const scopeReasons: Record<PermissionLevel, Record<string, string>> = {
  viewer: {
    "user:read:email": "the verified e-mail address of a new account; everything else a viewer sees is public",
  },
  chatbot: {
    "user:read:chat": "reads chat: EventSub channel.chat.message and its kin",
    "user:write:chat": "sends chat messages",
    "user:bot": "is present in chat where events come by webhook or conduit, which use the app's own token",
  },
  moderator: {
    "channel:moderate": "hears of bans and unbans",
    "moderator:manage:announcements": "announces in chat",
    "moderator:manage:automod": "decides about messages that AutoMod holds back",
    "moderator:manage:banned_users": "bans, times out, and lifts both",
    "moderator:manage:chat_messages": "deletes messages, clears chat",
    "moderator:manage:chat_settings": "slow, follower, subscriber and emote mode",
    "moderator:manage:shield_mode": "shield mode",
    "moderator:manage:shoutouts": "shouts out other channels",
    "moderator:manage:warnings": "warns people in chat",
    "moderator:read:chatters": "sees who is in chat",
    "moderator:read:followers": "sees who follows, and hears of new followers",
  },
  admin: {
    "channel:bot": "lets Foyer's app into the chat of one's own channel",
    "channel:manage:broadcast": "title, game, markers",
    "channel:manage:polls": "polls, and how they go",
    "channel:manage:predictions": "predictions, and how they go",
    "channel:manage:raids": "starts and cancels raids",
    "clips:edit": "makes clips of the stream",
  },
};

/** All scopes that a level takes: its own and those of the levels below. */
export const levelScopes: LevelScopes = Object.fromEntries(
  permissionLevels.map((level, at) => [
    level,
    permissionLevels.slice(0, at + 1).flatMap((each) => Object.keys(scopeReasons[each])),
  ]),
) as Record<PermissionLevel, string[]>;
