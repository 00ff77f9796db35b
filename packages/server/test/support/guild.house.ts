import type { DiscordSimulator } from "@foyer/simulators/discord";
import type { Insertable } from "kysely";
import type { AlertsTables } from "../../src/modules/alerts/alerts.tables.ts";
import { createBroadcastersStore } from "../../src/modules/alerts/broadcasters/broadcasters.store.sql.ts";
import { streamerView } from "../../src/modules/alerts/broadcasters/streamer.view.ts";
import { createFollowersStore } from "../../src/modules/alerts/guilds/followers/followers.store.sql.ts";
import { createGuildParts } from "../../src/modules/alerts/guilds/guild.parts.ts";
import { createGuildsStore } from "../../src/modules/alerts/guilds/guilds.store.sql.ts";
import { createPersonalStore } from "../../src/modules/alerts/personal/personal.data.store.sql.ts";
import { createPreferencesStore } from "../../src/modules/alerts/preferences/preferences.store.sql.ts";
import { defaultTemplate } from "../../src/modules/alerts/templates/template.defaults.ts";
import { validateTemplate } from "../../src/modules/alerts/templates/template.validate.ts";
import type { AuditRecord } from "../../src/platform/audit/audit.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import type { AccountCaller } from "../../src/platform/caller/caller.ts";
import { createIds } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { AppError } from "../../src/platform/errors/app.error.ts";
import { createMemoryLimiter } from "../../src/platform/limits/memory.limiter.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createDiscordServices } from "../../src/providers/discord/discord.services.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const green = "1200000000000000001";
export const second = "1200000000000000002";

/** A clock that goes on by itself and can be moved on. */
export function movingClock() {
  let ahead = 0;
  return { now: () => Date.now() + ahead, advance: (milliseconds: number) => void (ahead += milliseconds) };
}
export type MovingClock = ReturnType<typeof movingClock>;

/** What an account here entrusts: a link to a person at the simulated Discord. */
interface Link {
  login: string;
  token: string;
  works: boolean;
}

/** Servers of Discord over `db` and the simulated Discord, as one node. */
export function guildHouse(db: Database, discord: DiscordSimulator, clock: MovingClock, env?: Record<string, string>) {
  const log = silentLogger();
  const ids = createIds(clock);
  const bus = createMemoryBus({ log });
  const metrics = createMetrics({ process: false });
  const limiter = createMemoryLimiter({ now: () => performance.now() });
  const audited: AuditRecord[] = [];
  const links = new Map<string, Link>();
  const tables = db.tables<AlertsTables>();
  const broadcasters = createBroadcastersStore(db);
  const services = createDiscordServices(env ?? discord.environment, { limiter, clock, metrics, log });

  const token = (accountId: string) => {
    const link = links.get(accountId);
    if (link === undefined) throw new AppError("link.not_found", "There is no link.");
    return link;
  };
  const parts = createGuildParts({
    discord: services,
    links: {
      discordUser: async (accountId) => {
        const link = links.get(accountId);
        return link && { userId: discord.world.person(link.login).id, works: link.works };
      },
      accountOf: async (userId) => {
        const found = [...links].find(([, { login }]) => discord.world.person(login).id === userId);
        return found?.[0];
      },
      accessToken: async (accountId) => token(accountId).token,
      refreshAfter401: async (accountId, stale) => {
        const link = token(accountId);
        if (link.token !== stale) return link.token;
        link.works = false;
        throw new AppError("link.sign_in_again", "Sign in again.");
      },
    },
    stores: {
      guilds: createGuildsStore(db),
      followers: createFollowersStore(db),
      preferences: createPreferencesStore(db),
    },
    streamers: {
      announcedBy: async (guildIds) =>
        (await broadcasters.announcedBy(guildIds)).map((record) => streamerView(record, true)),
    },
    templates: { standard: defaultTemplate, check: validateTemplate },
    audit: {
      record: async (entry) => void audited.push(entry),
      list: async () => ({ entries: [], next: undefined }),
    },
    publicUrl: () => "https://foyer.example",
    ...{ bus, clock, ids, log, metrics },
  });

  return {
    ...parts,
    ...{ tables, audited, metrics, clock },
    /** Somebody here, linked with a person at Discord unless `login` is null. */
    person(name: string, login: string | null, role: AccountCaller["role"] = "member"): AccountCaller {
      if (login !== null) {
        const fresh = discord.signIn(login, ["identify", "guilds"]);
        links.set(name, { login, token: fresh, works: true });
      }
      const profile = { accountId: name, handle: name, displayName: name } as AccountCaller["profile"];
      const more = { sessionId: name, expiresAt: 4e12, addressHash: "home" };
      return { kind: "account", accountId: name, profile, role, ...more };
    },
    unlink: (name: string) => void links.delete(name),
    /** Takes back at Discord what somebody had allowed. */
    withdraw: (name: string) => {
      token(name).works = false;
    },
    /** Erases what alerts keep about an account. */
    erase: (name: string) => createPersonalStore(db).erase(name),
    async destination(guildId: string, over: Partial<Insertable<AlertsTables["destinations"]>> = {}): Promise<string> {
      const destinationId = ids.uuid();
      await tables
        .insertInto("destinations")
        .values({
          destination_id: destinationId,
          guild_id: guildId,
          kind: "discord",
          name: "news",
          target: "1",
          enabled: 1,
          created_by: "somebody",
          created_at: clock.now(),
          ...over,
        })
        .execute();
      return destinationId;
    },
  };
}
export type GuildHouse = ReturnType<typeof guildHouse>;

/** Waits until `look` gives something. */
export async function until<T>(look: () => Promise<T | undefined | false>, what = look.toString()): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`it does not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
