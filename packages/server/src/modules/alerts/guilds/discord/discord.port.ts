import type { GuildChannel, GuildRole, RenderedMessage } from "@foyer/protocol";

/** A server of Discord. */
export interface DiscordGuild {
  guildId: string;
  name: string;
  iconUrl: string | null;
}

/** A server that a person is in. `manages`: owns it, or has the permission to manage it or to do everything. */
export interface DiscordMembership extends DiscordGuild {
  manages: boolean;
}

/** What Discord says about people, to their own tokens. Throws the errors of discord.errors.ts. */
export interface DiscordPeople {
  guildsOf(accessToken: string): Promise<DiscordMembership[]>;
}

/** The bot itself. */
export interface DiscordSelf {
  userId: string;
  name: string;
}

/** What the bot may do in a guild as a whole, beside the channels. */
export interface BotRights {
  manageRoles: boolean;
  /** May mention roles that are closed to others. */
  mentionAll: boolean;
}

/**
 * A message to show. Whatever stands in its text, it mentions nobody but the members of `mentionRoleId`. Texts are in
 * Discord's Markdown and within its sizes.
 */
export interface DiscordMessage extends RenderedMessage {
  mentionRoleId: string | null;
}

/** A message as Discord has it. */
export interface PostedMessage {
  messageId: string;
  authorId: string;
  content: string;
  embed: { url: string | null; title: string | null; description: string | null; addresses: string[] } | null;
}

/** How urgent a request is: each class gets its share of Discord's 50 requests a second. */
export type DiscordLane = "alert" | "page" | "upkeep";

/**
 * Foyer's bot at Discord. Every call keeps to Discord's limits by itself, ends within 15 s, and throws one of the errors
 * of discord.errors.ts; nothing is tried twice.
 */
export interface DiscordBot {
  self(): Promise<DiscordSelf>;
  /** All guilds that the bot is in. */
  guilds(): Promise<DiscordGuild[]>;
  /** Whether it is in one guild, by asking for that guild. */
  isIn(guildId: string): Promise<boolean>;
  /** Text and announcement channels, as Discord sorts them, with what the bot may not do in each. */
  channels(guildId: string): Promise<GuildChannel[]>;
  /** Roles from the highest down, without everybody's. */
  roles(guildId: string): Promise<GuildRole[]>;
  rights(guildId: string): Promise<BotRights>;

  /** Ids of the roles that a member has; undefined: is no member. */
  memberRoles(guildId: string, userId: string): Promise<string[] | undefined>;
  giveRole(guildId: string, userId: string, roleId: string): Promise<void>;
  takeRole(guildId: string, userId: string, roleId: string): Promise<void>;
  /** A role without any permission. Gives its id. */
  createRole(guildId: string, role: { name: string; mentionable: boolean }): Promise<string>;
  deleteRole(guildId: string, roleId: string): Promise<void>;

  /** Posts once: within some minutes the same `nonce` (at most 25 characters) gives the message that is there already. */
  post(channelId: string, message: DiscordMessage, nonce: string): Promise<{ messageId: string }>;
  /** Mentions nobody anew. */
  edit(channelId: string, messageId: string, message: DiscordMessage): Promise<void>;
  remove(channelId: string, messageId: string): Promise<void>;
  /** Up to 100 messages of a channel that came after a moment (milliseconds since 1970). */
  messagesAfter(channelId: string, after: number): Promise<PostedMessage[]>;

  /** The address that adds the bot to a guild, or gives it what it lacks there. */
  installUrl(guildId: string, rights: { manageRoles: boolean }): string;
}

/**
 * Something that Discord sent by itself. `pong`: an interaction that asks whether somebody is there; `quiet`: an event
 * that asks the same. `other`: signed by Discord, but nothing that Foyer acts on.
 */
export type DiscordNews =
  | { kind: "pong" }
  | { kind: "quiet" }
  /** An interaction that wants an answer which somebody reads. */
  | { kind: "asked" }
  /** A person took back what they had allowed. */
  | { kind: "deauthorized"; userId: string }
  /** Something about where the bot is. */
  | { kind: "moved" }
  | { kind: "other"; type: string };

/** Why a webhook is not believed. */
export type DiscordRefusal = "missing" | "mismatch" | "too_old";

/** Reads what Discord sends. */
export interface DiscordWebhooks {
  /** Nothing in a request is looked at before its signature is good. */
  read(headers: Headers, body: Uint8Array): { refused: DiscordRefusal } | { news: DiscordNews };
}

/** What of Discord is set up. Without a bot people can still sign in, and nothing is posted. */
export interface DiscordServices {
  people: DiscordPeople;
  bot: DiscordBot | undefined;
  /** Undefined: the application's public key is not set, and nothing that comes can be believed. */
  webhooks: DiscordWebhooks | undefined;
}
