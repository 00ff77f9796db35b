import type { Guild } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Caller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { DiscordBot, DiscordGuild } from "./discord/discord.port.ts";
import type { Memberships } from "./discord/memberships.ts";
import type { Presence } from "./discord/presence.ts";
import type { GuildAccess } from "./guild.access.port.ts";
import type { GuildsStore } from "./guilds.store.ts";

export interface GuildsDeps {
  access: GuildAccess;
  memberships: Memberships | undefined;
  presence: Presence;
  bot: DiscordBot | undefined;
  store: GuildsStore;
  audit: Audit;
  clock: Clock;
  hereName: () => string;
  /** A guild was erased: its roles in Discord have to follow. */
  changed: (guildId: string) => void;
}

/** Servers of Discord as their managers see them. */
export interface Guilds {
  /** Those that the caller may manage, `here` first. Throws as `GuildAccess.managed` does. */
  list(caller: Caller): Promise<Guild[]>;
  /** One of them. Throws as `GuildAccess.manage` does. */
  get(caller: Caller, guildId: string): Promise<Guild>;
  /** Erases a guild and what was set up for it. Throws `request.invalid` for `here`. */
  forget(caller: Caller, guildId: string): Promise<void>;
  /** Erases guilds that the bot left long ago. For a job. */
  sweep(): Promise<void>;
}

/** Whoever removes the bot by mistake finds everything again when it is back within this time. */
const KEEP_MS = 30 * 86_400_000;

export function createGuilds(deps: GuildsDeps): Guilds {
  const { access, memberships, presence, bot, store, audit, clock } = deps;

  async function view({ guildId, name, iconUrl }: DiscordGuild, mentionsFollowers: boolean): Promise<Guild> {
    if (guildId === "here") return { guildId, name, iconUrl, botInstalled: true, installUrl: null };
    return {
      guildId,
      name,
      iconUrl,
      botInstalled: await presence.has(guildId),
      installUrl: bot?.installUrl(guildId, { manageRoles: mentionsFollowers }) ?? null,
    };
  }

  async function views(guilds: readonly DiscordGuild[]): Promise<Guild[]> {
    const mentioning = await store.mentioningFollowers(guilds.map(({ guildId }) => guildId));
    return Promise.all(guilds.map((guild) => view(guild, mentioning.has(guild.guildId))));
  }

  async function facts(accountId: string, guildIds: readonly string[]): Promise<DiscordGuild[]> {
    const own = guildIds.some((each) => each !== "here") ? await memberships?.of(accountId) : undefined;
    return guildIds.flatMap((guildId): DiscordGuild[] => {
      if (guildId === "here") return [{ guildId, name: deps.hereName(), iconUrl: null }];
      const guild = own?.get(guildId);
      return guild === undefined ? [] : [guild];
    });
  }

  return {
    async list(caller) {
      const guildIds = await access.managed(caller);
      if (caller.kind !== "account") return [];
      return views(await facts(caller.accountId, guildIds));
    },

    async get(caller, guildId) {
      const { accountId, guildName } = await access.manage(caller, guildId);
      const [shown] = await views(await facts(accountId, [guildId]));
      return shown ?? { guildId, name: guildName, iconUrl: null, botInstalled: false, installUrl: null };
    },

    async forget(caller, guildId) {
      const { accountId } = await access.manage(caller, guildId);
      if (guildId === "here") throw new AppError("request.invalid", "This server itself cannot be forgotten.");
      await audit.record({ actorId: accountId, action: "guild.forgotten", subject: { kind: "guild", id: guildId } });
      await store.erase(guildId, clock.now());
      deps.changed(guildId);
    },

    async sweep() {
      for (const guildId of await store.leftBefore(clock.now() - KEEP_MS)) {
        await audit.record({ actorId: null, action: "guild.erased", subject: { kind: "guild", id: guildId } });
        await store.erase(guildId, clock.now());
        deps.changed(guildId);
      }
    },
  };
}
