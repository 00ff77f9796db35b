import type { DiscordPerson } from "../discord.people.ts";
import type { DiscordChannel, DiscordGuild, DiscordRole, DiscordUser } from "./guilds.ts";
import { bitsOf, type PermissionName, permission } from "./permissions.ts";
import { createSnowflakes, type Snowflakes } from "./snowflakes.ts";

/** A server to begin with. People by login; the first of `members` is its owner unless `owner` is given. */
export interface GuildSeed {
  id?: string | undefined;
  name: string;
  owner?: string | undefined;
  members?: readonly string[] | undefined;
  /** What the bot may do in it; default: view, write, embed, read what was before. False: it is not in it. */
  bot?: readonly PermissionName[] | false | undefined;
  /** Text channels by name; default: `announcements` and `general`. */
  channels?: readonly string[] | undefined;
  /** Roles that nobody has yet, by name. */
  roles?: readonly string[] | undefined;
}

/** A channel to add. `type` as Discord counts them; default: text. */
export interface ChannelSeed {
  id?: string | undefined;
  name: string;
  type?: number | undefined;
  parentId?: string | undefined;
}

/** A role to add. It is put below all others but everybody's, unless `position` says more. */
export interface RoleSeed {
  name: string;
  permissions?: readonly PermissionName[] | undefined;
  mentionable?: boolean | undefined;
  position?: number | undefined;
}

/** Everything that is at the simulated Discord, and how people change it in Discord's own pages. */
export interface DiscordWorld {
  guilds: Map<string, DiscordGuild>;
  bot: DiscordUser;
  ids: Snowflakes;
  user(id: string): DiscordUser | undefined;
  /** By login. Throws for nobody. */
  person(login: string): DiscordPerson;
  guild(id: string): DiscordGuild;
  /** Undefined: there is no such channel (any more). */
  channel(id: string): { guild: DiscordGuild; channel: DiscordChannel } | undefined;
  addPerson(person: DiscordPerson): void;
  addGuild(seed: GuildSeed): DiscordGuild;
  addChannel(guildId: string, seed: ChannelSeed): DiscordChannel;
  addRole(guildId: string, seed: RoleSeed): DiscordRole;
  addMember(guildId: string, login: string, roles?: readonly string[]): void;
  removeMember(guildId: string, login: string): void;
  /** Puts the bot into a guild with these permissions (a role of its own), or changes them. */
  addBot(guildId: string, permissions?: readonly PermissionName[] | bigint): void;
  removeBot(guildId: string): void;
  deleteChannel(channelId: string): void;
  deleteRole(guildId: string, roleId: string): void;
  /** Denies or allows the bot something in one channel, by an overwrite for it alone. */
  overwrite(channelId: string, change: { allow?: readonly PermissionName[]; deny?: readonly PermissionName[] }): void;
}

const leastPermissions: readonly PermissionName[] = ["viewChannel", "sendMessages", "embedLinks", "readHistory"];

/** A world with people and one bot, and no guilds. `now` in milliseconds. */
export function createWorld(people: DiscordPerson[], bot: DiscordUser, now: () => number): DiscordWorld {
  const ids = createSnowflakes(now);
  const guilds = new Map<string, DiscordGuild>();
  const homes = new Map<string, DiscordGuild>();

  function guild(id: string): DiscordGuild {
    const found = guilds.get(id);
    if (found === undefined) throw new Error(`there is no guild ${id}`);
    return found;
  }

  function found(id: string) {
    const home = homes.get(id);
    const channel = home?.channels.get(id);
    return home === undefined || channel === undefined ? undefined : { guild: home, channel };
  }

  function person(login: string): DiscordPerson {
    const there = people.find((each) => each.login === login);
    if (there === undefined) throw new Error(`nobody is called ${login}`);
    return there;
  }

  const world: DiscordWorld = {
    guilds,
    bot,
    ids,
    guild,
    person,
    channel: found,
    user(id) {
      if (id === bot.id) return bot;
      const there = people.find((each) => each.id === id);
      return there && { id, login: there.login, displayName: there.displayName, bot: false };
    },
    addPerson: (added) => void people.push(added),
    addGuild(seed) {
      const id = seed.id ?? ids();
      const logins = [...new Set([...(seed.owner === undefined ? [] : [seed.owner]), ...(seed.members ?? [])])];
      const ownerId = logins[0] === undefined ? ids() : person(logins[0]).id;
      const everyone = bitsOf(["viewChannel", "sendMessages", "embedLinks", "readHistory"]);
      const made: DiscordGuild = {
        id,
        name: seed.name,
        icon: null,
        ownerId,
        roles: new Map([
          [
            id,
            { id, name: "@everyone", permissions: everyone, position: 0, mentionable: false, managed: false, color: 0 },
          ],
        ]),
        channels: new Map(),
        members: new Map(),
      };
      guilds.set(id, made);
      for (const login of logins) world.addMember(id, login);
      for (const name of seed.channels ?? ["announcements", "general"]) world.addChannel(id, { name });
      for (const name of seed.roles ?? []) world.addRole(id, { name });
      if (seed.bot !== false) world.addBot(id, seed.bot);
      return made;
    },
    addChannel(guildId, seed) {
      const home = guild(guildId);
      const channel: DiscordChannel = {
        id: seed.id ?? ids(),
        guildId,
        name: seed.name,
        type: seed.type ?? 0,
        position: home.channels.size,
        parentId: seed.parentId ?? null,
        overwrites: new Map(),
        lastMessageId: null,
      };
      home.channels.set(channel.id, channel);
      homes.set(channel.id, home);
      return channel;
    },
    addRole(guildId, seed) {
      const { roles } = guild(guildId);
      const position = seed.position ?? 1;
      for (const each of roles.values()) if (each.position >= position) each.position += 1;
      const role: DiscordRole = {
        id: ids(),
        name: seed.name,
        permissions: bitsOf(seed.permissions ?? []),
        position,
        mentionable: seed.mentionable ?? false,
        managed: false,
        color: 0,
      };
      roles.set(role.id, role);
      return role;
    },
    addMember(guildId, login, roles = []) {
      const { id } = person(login);
      guild(guildId).members.set(id, { userId: id, nick: null, roles: new Set(roles), joinedAt: now() });
    },
    removeMember: (guildId, login) => void guild(guildId).members.delete(person(login).id),
    addBot(guildId, permissions = leastPermissions) {
      const there = guild(guildId);
      const bits = typeof permissions === "bigint" ? permissions : bitsOf(permissions);
      const own = [...there.roles.values()].find(({ managed }) => managed);
      if (own !== undefined) own.permissions = bits;
      const role = own ?? { ...world.addRole(guildId, { name: bot.login, position: there.roles.size }), managed: true };
      role.permissions = bits;
      there.roles.set(role.id, role);
      there.members.set(bot.id, { userId: bot.id, nick: null, roles: new Set([role.id]), joinedAt: now() });
    },
    removeBot(guildId) {
      const there = guild(guildId);
      there.members.delete(bot.id);
      for (const role of there.roles.values()) if (role.managed) there.roles.delete(role.id);
    },
    deleteChannel: (channelId) => void found(channelId)?.guild.channels.delete(channelId),
    deleteRole(guildId, roleId) {
      const there = guild(guildId);
      there.roles.delete(roleId);
      for (const member of there.members.values()) member.roles.delete(roleId);
    },
    overwrite(channelId, { allow = [], deny = [] }) {
      const there = found(channelId);
      if (there === undefined) throw new Error(`there is no channel ${channelId}`);
      there.channel.overwrites.set(bot.id, { id: bot.id, type: 1, allow: bitsOf(allow), deny: bitsOf(deny) });
    },
  };
  return world;
}

/** Whether somebody may manage a guild, as Discord's pages have it. */
export const managesGuild = (bits: bigint): boolean =>
  (bits & (permission.administrator | permission.manageGuild)) !== 0n;
