import type { AlertsStatus, AlertTemplate, MentionChoice } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { linkRevokedTopic } from "../../identity/index.ts";
import type { PreferencesStore } from "../preferences/preferences.store.ts";
import { createPreferences, type Preferences } from "../preferences/preferences.ts";
import type { StreamerViews } from "../preferences/streamer.views.port.ts";
import { createDiscordInbound, type DiscordInbound } from "./discord/discord.inbound.ts";
import type { DiscordServices } from "./discord/discord.port.ts";
import { createDiscordStatus } from "./discord/discord.status.ts";
import type { LinkedAccounts } from "./discord/linked.accounts.port.ts";
import { createMemberships } from "./discord/memberships.ts";
import { createPresence } from "./discord/presence.ts";
import type { FollowersStore } from "./followers/followers.store.ts";
import { createFollowers, type Followers } from "./followers/followers.ts";
import type { GuildAccess } from "./guild.access.port.ts";
import { createGuildAccess } from "./guild.access.ts";
import { createGuildConfigs, type GuildConfigs } from "./guild.config.ts";
import type { GuildDirectory } from "./guild.directory.port.ts";
import { createGuildDirectory } from "./guild.directory.ts";
import type { GuildsStore } from "./guilds.store.ts";
import { createGuilds, type Guilds } from "./guilds.ts";

export interface GuildPartsDeps {
  /** Undefined: nothing of Discord is set up. */
  discord: DiscordServices | undefined;
  links: LinkedAccounts;
  stores: { guilds: GuildsStore; followers: FollowersStore; preferences: PreferencesStore };
  streamers: StreamerViews;
  templates: { standard: AlertTemplate; check(template: AlertTemplate): void };
  audit: Audit;
  bus: Bus;
  clock: Clock;
  ids: Pick<Ids, "fraction">;
  log: Logger;
  metrics: Registry;
  publicUrl: () => string;
}

/** Everything about servers of Discord, and about what their members choose. */
export interface GuildParts {
  access: GuildAccess;
  directory: GuildDirectory;
  guilds: Guilds;
  configs: GuildConfigs;
  followers: Followers;
  preferences: Preferences;
  inbound: DiscordInbound;
  /** The role that an alert mentions now; null: nobody. */
  mentionRole(guildId: string, broadcasterId: string, mention: MentionChoice): Promise<string | null>;
  /** How Discord is set up, and whether it works now. */
  status(): Promise<AlertsStatus["discord"]>;
  /** The bot may not be in a guild any more: looks at once, without being waited for. */
  suspect(): void;
  start(): void;
  /** Sees to roles. For a job every few seconds. */
  tick(): Promise<void>;
  /** Asks where the bot is, and erases what was left long ago. For a job every few minutes. */
  sweep(): Promise<void>;
  drain(): Promise<void>;
}

const linkNews = z.object({ accountId: z.string(), provider: z.string() });

export function createGuildParts(deps: GuildPartsDeps): GuildParts {
  const { discord, stores, clock } = deps;
  const bot = discord?.bot;
  const links = discord === undefined ? undefined : deps.links;
  const log = deps.log.child({ component: "guilds" });
  const hereName = () => new URL(deps.publicUrl()).host;
  const changed = () => followers.changed();

  const presence = createPresence({ bot, store: stores.guilds, clock, log, changed });
  const suspect = () => presence.look();
  const followers: Followers = createFollowers({ ...deps, log, bot, store: stores.followers, suspect });
  const memberships = discord && createMemberships({ people: discord.people, links: deps.links, clock });
  const access = createGuildAccess({ memberships, store: stores.guilds, clock, hereName, notice: presence.notice });
  const directory = createGuildDirectory({ bot, clock, suspect });
  const shared = { ...deps, access, memberships, presence, bot, store: stores.guilds, hereName, changed };
  const guilds = createGuilds(shared);
  let unsubscribe = () => {};

  /** A link that works no longer counts at once, whoever found it out. */
  function linkEnded(payload: string): void {
    const told = linkNews.safeParse(json(payload));
    if (!told.success || told.data.provider !== "discord") return;
    memberships?.forget(told.data.accountId);
    followers
      .recheck(told.data.accountId)
      .catch((error: unknown) => log.error({ err: error }, "The roles of somebody could not be looked at"));
  }

  return {
    access,
    directory,
    guilds,
    followers,
    configs: createGuildConfigs({ ...shared, directory, followers }),
    preferences: createPreferences({ ...shared, store: stores.preferences, guilds: stores.guilds, links }),
    inbound: createDiscordInbound({
      links,
      memberships,
      look: suspect,
      recheck: (accountId) => followers.recheck(accountId),
      log,
    }),
    async mentionRole(guildId, broadcasterId, mention) {
      if (mention.kind === "role") return mention.roleId;
      return mention.kind === "followers" ? followers.roleOf(guildId, broadcasterId) : null;
    },
    status: createDiscordStatus(bot, clock),
    suspect,
    start() {
      unsubscribe = deps.bus.subscribe(linkRevokedTopic, linkEnded);
      followers.start();
      // What happened while the server was down, nobody told it.
      if (bot !== undefined) presence.look();
    },
    tick: () => followers.tick(),
    async sweep() {
      await presence.reconcile();
      await guilds.sweep();
    },
    async drain() {
      unsubscribe();
      await presence.settled();
      await followers.drain();
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
