import type { GuildChannel, GuildRole } from "@foyer/protocol";
import { ChannelType } from "discord-api-types/v10";
import type { z } from "zod";
import {
  channelPermissions,
  guildPermissions,
  isAbove,
  type MemberFacts,
  missingPermissions,
  permission,
} from "./discord.permissions.ts";
import type { channelsWire, rolesWire } from "./discord.wire.ts";

type RoleWire = z.infer<typeof rolesWire>[number];
type ChannelWire = z.infer<typeof channelsWire>[number];

/** Kinds of channels that alerts are posted to. */
const kinds: Record<number, GuildChannel["kind"]> = {
  [ChannelType.GuildText]: "text",
  [ChannelType.GuildAnnouncement]: "announcement",
};

/** Channels that take messages, in Discord's order: those above all categories, then category by category. */
export function channelsOf(
  channels: readonly ChannelWire[],
  roles: readonly RoleWire[],
  bot: MemberFacts,
): GuildChannel[] {
  const base = guildPermissions(bot, roles);
  const categories = new Map(channels.map((each) => [each.id, each]));
  const placed = channels.flatMap((channel) => {
    const kind = kinds[channel.type];
    if (kind === undefined) return [];
    const category = channel.parent_id == null ? undefined : categories.get(channel.parent_id);
    const rights = channelPermissions(bot, base, channel.permission_overwrites ?? []);
    const shown: GuildChannel = {
      channelId: channel.id,
      name: channel.name ?? "",
      kind,
      category: category?.name ?? null,
      missing: missingPermissions(rights),
    };
    return [{ shown, category: category?.position ?? -1, position: channel.position ?? 0 }];
  });
  return placed.toSorted((a, b) => a.category - b.category || a.position - b.position).map(({ shown }) => shown);
}

/** Roles from the highest down, without everybody's. */
export function rolesOf(roles: readonly RoleWire[], bot: MemberFacts): GuildRole[] {
  const mayManage = (guildPermissions(bot, roles) & permission.manageRoles) !== 0n;
  const own = roles.filter(({ id }) => bot.roleIds.includes(id));
  return roles
    .filter(({ id }) => id !== bot.guildId)
    .toSorted((a, b) => (isAbove(a, b) ? -1 : 1))
    .map((role) => ({
      roleId: role.id,
      name: role.name,
      color: role.color ?? 0,
      mentionable: role.mentionable ?? false,
      manageable: mayManage && role.managed !== true && own.some((each) => isAbove(each, role)),
    }));
}
