import { PermissionFlagsBits } from "discord-api-types/v10";

/** Permissions of Discord that Foyer deals with. */
export const permission = {
  administrator: PermissionFlagsBits.Administrator,
  manageGuild: PermissionFlagsBits.ManageGuild,
  viewChannel: PermissionFlagsBits.ViewChannel,
  sendMessages: PermissionFlagsBits.SendMessages,
  embedLinks: PermissionFlagsBits.EmbedLinks,
  readHistory: PermissionFlagsBits.ReadMessageHistory,
  mentionEveryone: PermissionFlagsBits.MentionEveryone,
  manageRoles: PermissionFlagsBits.ManageRoles,
} as const;

/** What posting takes, in the words of Discord's settings. Reading the history serves looking whether a post arrived. */
const needed = [
  [permission.viewChannel, "View Channel"],
  [permission.sendMessages, "Send Messages"],
  [permission.embedLinks, "Embed Links"],
  [permission.readHistory, "Read Message History"],
] as const;

/** The least with which alerts can be posted: 84992. */
export const leastPermissions = needed.reduce((all, [bit]) => all | bit, 0n);

const everything = (1n << 53n) - 1n;

export interface RoleFacts {
  id: string;
  permissions: bigint;
  position: number;
}

export interface Overwrite {
  id: string;
  allow: bigint;
  deny: bigint;
}

/** A member of a guild: the roles it has, beside everybody's, whose id is the guild's. */
export interface MemberFacts {
  guildId: string;
  userId: string;
  roleIds: readonly string[];
}

/** What a member may do in the guild as a whole: everybody's role and its own, or everything. */
export function guildPermissions(member: MemberFacts, roles: readonly RoleFacts[]): bigint {
  const own = new Set([member.guildId, ...member.roleIds]);
  const all = roles.filter(({ id }) => own.has(id)).reduce((sum, role) => sum | role.permissions, 0n);
  return (all & permission.administrator) === 0n ? all : everything;
}

/** What a member may do in one channel: overwrites of everybody, then of its roles together, then of itself. */
export function channelPermissions(member: MemberFacts, base: bigint, overwrites: readonly Overwrite[]): bigint {
  if ((base & permission.administrator) !== 0n) return everything;
  const find = (id: string) => overwrites.filter((each) => each.id === id);
  const ofRoles = overwrites.filter(({ id }) => id !== member.guildId && member.roleIds.includes(id));
  let rights = base;
  for (const group of [find(member.guildId), ofRoles, find(member.userId)]) {
    rights &= ~group.reduce((sum, { deny }) => sum | deny, 0n);
    rights |= group.reduce((sum, { allow }) => sum | allow, 0n);
  }
  return rights;
}

/** What is lacking for posting. Who cannot see a channel can do nothing in it, and who cannot write embeds nothing. */
export function missingPermissions(rights: bigint): string[] {
  const isBlind = (rights & permission.viewChannel) === 0n;
  const isMute = isBlind || (rights & permission.sendMessages) === 0n;
  return needed
    .filter(([bit]) => isBlind || (isMute && bit === permission.embedLinks) || (rights & bit) === 0n)
    .map(([, name]) => name);
}

/** Whether the first role stands above the second: of two in one place the older one does. */
export function isAbove(first: RoleFacts, second: RoleFacts): boolean {
  if (first.position !== second.position) return first.position > second.position;
  return BigInt(first.id) < BigInt(second.id);
}
