import type { DiscordChannel, DiscordGuild } from "../world/guilds.ts";
import { channelPermissions, has } from "../world/permissions.ts";
import type { AllowedMentions } from "./form.ts";

/** Who is pinged by a message: what their phones would show. */
export interface Pings {
  /** By `@everyone` or `@here`. */
  everyone: boolean;
  /** Ids. */
  roles: string[];
  /** Ids of those that are named themselves. */
  users: string[];
}

/**
 * Who the text of a message pings, as Discord decides it: what the text names, of that what `allowed` lets through
 * (nothing given: all), of that what the author may mention. Embeds never ping. A backslash, code marks or a spoiler
 * around a mention do not keep it from pinging here: where Discord is not known to be lenient, this is strict.
 */
export function pingsOf(
  content: string,
  allowed: AllowedMentions | null | undefined,
  place: { guild: DiscordGuild; channel: DiscordChannel; authorId: string },
): Pings {
  const { guild, channel, authorId } = place;
  const bits = channelPermissions(guild, channel, authorId);
  const parse = allowed ? (allowed.parse ?? []) : ["users", "roles", "everyone"];
  const isAllowed = (kind: "users" | "roles", id: string) =>
    parse.includes(kind) || (allowed?.[kind] ?? []).includes(id);
  const ids = (pattern: RegExp) => [...new Set([...content.matchAll(pattern)].map(([, id = ""]) => id))];

  const users = ids(/<@!?(\d{15,21})>/g).filter((id) => {
    return isAllowed("users", id) && has(channelPermissions(guild, channel, id), "viewChannel");
  });
  const roles = ids(/<@&(\d{15,21})>/g).filter((id) => {
    const role = guild.roles.get(id);
    return role !== undefined && isAllowed("roles", id) && (role.mentionable || has(bits, "mentionEveryone"));
  });
  const everyone = /@(?:everyone|here)/.test(content) && parse.includes("everyone") && has(bits, "mentionEveryone");
  // A mention of the role of everybody has no form of its own: it is @everyone.
  return { everyone, roles: roles.filter((id) => id !== guild.id), users };
}
