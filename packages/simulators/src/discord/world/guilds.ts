/** A role. The role of everybody has the guild's id. */
export interface DiscordRole {
  id: string;
  name: string;
  permissions: bigint;
  position: number;
  mentionable: boolean;
  /** Belongs to a bot: nobody can give or take it. */
  managed: boolean;
  color: number;
}

/** What a channel allows or denies a role (type 0) or a member (type 1) beyond the guild. */
export interface DiscordOverwrite {
  id: string;
  type: 0 | 1;
  allow: bigint;
  deny: bigint;
}

/** A channel. Type 0: text, 2: voice, 4: a category, 5: announcements, 13: a stage, 15: a forum. */
export interface DiscordChannel {
  id: string;
  guildId: string;
  name: string;
  type: number;
  position: number;
  parentId: string | null;
  overwrites: Map<string, DiscordOverwrite>;
  /** Set by the simulator for channels in which messages may be written. */
  lastMessageId: string | null;
}

/** Somebody in a guild. */
export interface DiscordMember {
  userId: string;
  nick: string | null;
  roles: Set<string>;
  joinedAt: number;
}

/** A server of Discord's. */
export interface DiscordGuild {
  id: string;
  name: string;
  icon: string | null;
  ownerId: string;
  roles: Map<string, DiscordRole>;
  channels: Map<string, DiscordChannel>;
  members: Map<string, DiscordMember>;
}

/** Somebody with an account at Discord, bots included. */
export interface DiscordUser {
  id: string;
  login: string;
  displayName: string | null;
  bot: boolean;
}

/** The channel types that messages can be written in. */
export const textTypes: ReadonlySet<number> = new Set([0, 2, 5, 13]);

/** Whose highest role is higher decides who may give a role: its position, 0 with none. */
export function highestPosition(guild: DiscordGuild, userId: string): number {
  if (guild.ownerId === userId) return Number.POSITIVE_INFINITY;
  const roles = [...(guild.members.get(userId)?.roles ?? [])];
  return Math.max(0, ...roles.map((id) => guild.roles.get(id)?.position ?? 0));
}

/** A role as Discord's API gives it. */
export function roleWire(role: DiscordRole, botId: string): object {
  return {
    id: role.id,
    name: role.name,
    description: null,
    permissions: String(role.permissions),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: role.managed,
    mentionable: role.mentionable,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.managed ? { tags: { bot_id: botId } } : {}),
  };
}

/** A channel as Discord's API gives it. */
export function channelWire(channel: DiscordChannel): object {
  const overwrites = [...channel.overwrites.values()].map(({ id, type, allow, deny }) => ({
    id,
    type,
    allow: String(allow),
    deny: String(deny),
  }));
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    permission_overwrites: overwrites,
    parent_id: channel.parentId,
    flags: 0,
    ...(textTypes.has(channel.type)
      ? { topic: null, nsfw: false, rate_limit_per_user: 0, last_message_id: channel.lastMessageId }
      : {}),
  };
}

/** A user as Discord's API gives it to others. */
export function userWire({ id, login, displayName, bot }: DiscordUser): object {
  return {
    id,
    username: login,
    global_name: displayName,
    avatar: null,
    discriminator: bot ? "0001" : "0",
    public_flags: 0,
    ...(bot ? { bot: true } : {}),
  };
}

/** A member as Discord's API gives it. */
export function memberWire(member: DiscordMember, user: DiscordUser): object {
  return {
    user: userWire(user),
    nick: member.nick,
    avatar: null,
    roles: [...member.roles],
    joined_at: discordTime(member.joinedAt),
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
  };
}

/** A guild as Discord's API gives it to its bot. */
export function guildWire(guild: DiscordGuild, botId: string): object {
  return {
    id: guild.id,
    name: guild.name,
    icon: guild.icon,
    description: null,
    owner_id: guild.ownerId,
    roles: [...guild.roles.values()].map((role) => roleWire(role, botId)),
    emojis: [],
    stickers: [],
    features: [],
    preferred_locale: "en-US",
    verification_level: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
  };
}

/** A time as Discord writes it: microseconds, and the zone as numbers. */
export const discordTime = (ms: number): string => new Date(ms).toISOString().replace(/(\.\d{3})Z$/, "$1000+00:00");
