import { Routes } from "discord-api-types/v10";
import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";
import type { z } from "zod";
import {
  DiscordAway,
  type DiscordBot,
  DiscordGone,
  type DiscordGuild,
  DiscordNoAccess,
  type DiscordSelf,
} from "../../modules/alerts/index.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { DiscordAddresses } from "./discord.addresses.ts";
import { createDiscordBudget } from "./discord.budget.ts";
import type { DiscordGuard } from "./discord.guard.ts";
import { channelsOf, rolesOf } from "./discord.guild.facts.ts";
import { messageBody, postedMessage } from "./discord.message.ts";
import { guildPermissions, leastPermissions, type MemberFacts, permission } from "./discord.permissions.ts";
import { createDiscordRest, type DiscordRequest } from "./discord.rest.ts";
import {
  channelsWire,
  madeWire,
  memberWire,
  messagesWire,
  ownGuildsWire,
  rolesWire,
  userWire,
} from "./discord.wire.ts";

export interface DiscordBotDeps {
  clientId: string;
  token: string;
  addresses: DiscordAddresses;
  limiter: RateLimiter;
  guard: DiscordGuard;
  metrics: Registry;
  log: Logger;
}

/** As many guilds as one answer holds. */
const PAGE = 200;
const REASON = "Foyer: live alerts";
/** When Discord's ids begin to count: the first second of 2015. */
const EPOCH = 1_420_070_400_000;

/** Foyer's bot over Discord's REST API. Nothing is asked before it is used. */
export function createDiscordBot(deps: DiscordBotDeps): DiscordBot {
  const { clientId, addresses, limiter, metrics } = deps;
  const now = () => performance.now();
  const call = createDiscordRest({
    ...deps,
    now,
    budget: createDiscordBudget({ limiter, key: `discord:${clientId}`, now, wait }),
    requests: new Counter({
      name: "foyer_discord_requests_total",
      help: "Requests of the bot to Discord by the status of the answer; none: there was no answer.",
      labelNames: ["status"],
      registers: [metrics],
    }),
    waits: new Histogram({
      name: "foyer_discord_wait_seconds",
      help: "How long requests to Discord waited for their turn within its limit.",
      labelNames: ["lane"],
      buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 15],
      registers: [metrics],
    }),
  });
  let myself: Promise<DiscordSelf> | undefined;

  async function ask<T extends z.ZodType>(wire: T, request: DiscordRequest): Promise<z.infer<T>> {
    const answer = wire.safeParse(await call(request));
    // An answer that is not Discord's: what became of the request is not known.
    if (!answer.success) throw new DiscordAway(200);
    return answer.data;
  }

  const get = <T extends z.ZodType>(
    wire: T,
    route: DiscordRequest["route"],
    more: Partial<DiscordRequest> = {},
  ): Promise<z.infer<T>> => ask(wire, { lane: "page", method: "GET", route, ...more });

  async function askSelf(): Promise<DiscordSelf> {
    const { id, username } = await get(userWire, Routes.user());
    return { userId: id, name: username };
  }

  /** The bot's id never changes: it is asked for once. */
  function known(): Promise<DiscordSelf> {
    myself ??= askSelf().catch((error: unknown) => {
      myself = undefined;
      throw error;
    });
    return myself;
  }

  async function membership(guildId: string, more: Partial<DiscordRequest> = {}): Promise<MemberFacts> {
    const { userId } = await known();
    const { roles } = await get(memberWire, Routes.guildMember(guildId, userId), more);
    return { guildId, userId, roleIds: roles };
  }

  async function guilds(): Promise<DiscordGuild[]> {
    const all: DiscordGuild[] = [];
    for (let after = "0"; ; ) {
      const query = { limit: String(PAGE), after };
      const page = await get(ownGuildsWire, Routes.userGuilds(), { query });
      all.push(...page.map(guildOf));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return all;
      after = last.id;
    }
  }

  return {
    self: askSelf,
    guilds,

    async isIn(guildId) {
      try {
        await get(madeWire, Routes.guild(guildId), { lane: "upkeep" });
        return true;
      } catch (error) {
        if (error instanceof DiscordNoAccess || (error instanceof DiscordGone && error.what === "guild")) return false;
        throw error;
      }
    },

    async channels(guildId) {
      const [channels, roles, bot] = await Promise.all([
        get(channelsWire, Routes.guildChannels(guildId)),
        get(rolesWire, Routes.guildRoles(guildId)),
        membership(guildId),
      ]);
      return channelsOf(channels, roles, bot);
    },

    async roles(guildId) {
      const [roles, bot] = await Promise.all([get(rolesWire, Routes.guildRoles(guildId)), membership(guildId)]);
      return rolesOf(roles, bot);
    },

    async rights(guildId) {
      const [roles, bot] = await Promise.all([
        get(rolesWire, Routes.guildRoles(guildId), { lane: "upkeep" }),
        membership(guildId, { lane: "upkeep" }),
      ]);
      const rights = guildPermissions(bot, roles);
      return {
        manageRoles: (rights & permission.manageRoles) !== 0n,
        mentionAll: (rights & permission.mentionEveryone) !== 0n,
      };
    },

    async memberRoles(guildId, userId) {
      try {
        return (await get(memberWire, Routes.guildMember(guildId, userId), { lane: "upkeep" })).roles;
      } catch (error) {
        if (error instanceof DiscordGone && error.what === "member") return undefined;
        throw error;
      }
    },

    async giveRole(guildId, userId, roleId) {
      const route = Routes.guildMemberRole(guildId, userId, roleId);
      await call({ lane: "upkeep", method: "PUT", route, reason: REASON });
    },

    async takeRole(guildId, userId, roleId) {
      const route = Routes.guildMemberRole(guildId, userId, roleId);
      await call({ lane: "upkeep", method: "DELETE", route, reason: REASON });
    },

    async createRole(guildId, { name, mentionable }) {
      const body = { name, mentionable, permissions: "0", hoist: false };
      const route = Routes.guildRoles(guildId);
      return (await ask(madeWire, { lane: "upkeep", method: "POST", route, body, reason: REASON })).id;
    },

    async deleteRole(guildId, roleId) {
      await call({ lane: "upkeep", method: "DELETE", route: Routes.guildRole(guildId, roleId), reason: REASON });
    },

    async post(channelId, message, nonce) {
      const body = { ...messageBody(message), nonce, enforce_nonce: true };
      const route = Routes.channelMessages(channelId);
      return { messageId: (await ask(madeWire, { lane: "alert", method: "POST", route, body })).id };
    },

    async edit(channelId, messageId, message) {
      const body = messageBody({ ...message, mentionRoleId: null });
      await call({ lane: "alert", method: "PATCH", route: Routes.channelMessage(channelId, messageId), body });
    },

    async remove(channelId, messageId) {
      await call({ lane: "alert", method: "DELETE", route: Routes.channelMessage(channelId, messageId) });
    },

    async messagesAfter(channelId, after) {
      const query = { limit: "100", after: String(BigInt(Math.max(0, after - EPOCH)) << 22n) };
      const route = Routes.channelMessages(channelId);
      return (await get(messagesWire, route, { lane: "alert", query })).map(postedMessage);
    },

    installUrl(guildId, { manageRoles }) {
      const url = new URL(addresses.authorize);
      const permissions = manageRoles ? leastPermissions | permission.manageRoles : leastPermissions;
      url.searchParams.set("client_id", clientId);
      url.searchParams.set("scope", "bot applications.commands");
      url.searchParams.set("permissions", String(permissions));
      url.searchParams.set("guild_id", guildId);
      url.searchParams.set("disable_guild_select", "true");
      return url.href;
    },
  };
}

/** A guild as Discord lists it to its own people and bots. */
export function guildOf({ id, name, icon }: z.infer<typeof ownGuildsWire>[number]): DiscordGuild {
  return {
    guildId: id,
    name,
    iconUrl: icon == null ? null : `https://cdn.discordapp.com/icons/${id}/${encodeURIComponent(icon)}.png?size=128`,
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
