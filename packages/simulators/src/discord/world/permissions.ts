import type { DiscordChannel, DiscordGuild } from "./guilds.ts";

/** Discord's permissions that alerts have to do with, as bits. */
export const permission = {
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  manageRoles: 1n << 28n,
} as const;
export type PermissionName = keyof typeof permission;

/** Every bit that this simulator knows of Discord's. */
export const allPermissions = (1n << 50n) - 1n;

/** Names as one number. */
export const bitsOf = (names: readonly PermissionName[]): bigint =>
  names.reduce((bits, name) => bits | permission[name], 0n);

/** What a member may do in the guild as a whole. Zero for who is not there. */
export function guildPermissions(guild: DiscordGuild, userId: string): bigint {
  const member = guild.members.get(userId);
  if (member === undefined) return 0n;
  if (guild.ownerId === userId) return allPermissions;
  let bits = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roles) bits |= guild.roles.get(id)?.permissions ?? 0n;
  return (bits & permission.administrator) === 0n ? bits : allPermissions;
}

/**
 * What a member may do in a channel: the overwrites of everybody, then those of all their roles together, then their
 * own. Who cannot see it can do nothing there; who cannot write there can neither embed nor mention everybody.
 */
export function channelPermissions(guild: DiscordGuild, channel: DiscordChannel, userId: string): bigint {
  let bits = guildPermissions(guild, userId);
  if (bits === allPermissions || bits === 0n) return bits;
  const own = guild.members.get(userId)?.roles ?? new Set();
  const apply = (allow: bigint, deny: bigint) => {
    bits = (bits & ~deny) | allow;
  };
  const everyone = channel.overwrites.get(guild.id);
  if (everyone !== undefined) apply(everyone.allow, everyone.deny);
  const ofRoles = [...channel.overwrites.values()].filter(({ id, type }) => type === 0 && own.has(id));
  apply(
    ofRoles.reduce((sum, { allow }) => sum | allow, 0n),
    ofRoles.reduce((sum, { deny }) => sum | deny, 0n),
  );
  const personal = channel.overwrites.get(userId);
  if (personal !== undefined) apply(personal.allow, personal.deny);
  if ((bits & permission.viewChannel) === 0n) return 0n;
  if ((bits & permission.sendMessages) === 0n) {
    bits &= ~(permission.mentionEveryone | permission.embedLinks | permission.attachFiles);
  }
  return bits;
}

/** Whether all of `names` are in `bits`. */
export const has = (bits: bigint, ...names: PermissionName[]): boolean => (bits & bitsOf(names)) === bitsOf(names);
