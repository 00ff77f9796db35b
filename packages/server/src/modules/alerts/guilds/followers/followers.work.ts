import type { Clock } from "../../../../platform/clock/clock.ts";
import type { Verdict } from "../../../../platform/outbox/outbox.port.ts";
import { hintsAtRemoval } from "../discord/discord.answers.ts";
import {
  DiscordError,
  DiscordGone,
  DiscordLimited,
  DiscordNoPermission,
  DiscordTooManyRoles,
} from "../discord/discord.errors.ts";
import type { DiscordBot } from "../discord/discord.port.ts";
import type { LinkedAccounts } from "../discord/linked.accounts.port.ts";
import type { FollowerJob, FollowerResult, FollowersStore, HoldWork, RoleWork } from "./followers.store.ts";

export interface FollowerWorkDeps {
  bot: DiscordBot;
  store: FollowersStore;
  links: Pick<LinkedAccounts, "discordUser">;
  clock: Clock;
  /** The bot may not be in a guild any more. */
  suspect: () => void;
}

/** Pauses after failures. What is in the way because of a permission is kept with the role, and looked at there. */
export const followerPaces = {
  limited: { firstMs: 1_000, longestMs: 60_000 },
  away: { firstMs: 2_000, longestMs: 300_000 },
  removed: { firstMs: 60_000, longestMs: 3_600_000 },
} as const;
export type FollowerPace = keyof typeof followerPaces;
type Ended = Verdict<FollowerResult, FollowerPace>;

const done = (result: FollowerResult): Ended => ({ kind: "done", result });
const nothing: FollowerResult = { kind: "nothing" };
/** When Discord's ids begin to count. */
const EPOCH = 1_420_070_400_000;
/** Two clocks are never the same. */
const SKEW_MS = 60_000;

/** Does one piece of work at Discord. Each is such that doing it again changes nothing. */
export function createFollowerWork(deps: FollowerWorkDeps): (job: FollowerJob) => Promise<Ended> {
  const { bot, store, links, clock } = deps;

  async function hold(job: FollowerJob & HoldWork): Promise<Ended> {
    const { guildId, userId, roleId, accountId, wanted, has } = job;
    // Whoever took back at Discord what they had allowed has opted out of everything.
    const link = accountId === null ? undefined : await links.discordUser(accountId);
    const isDue = wanted && link?.works === true && link.userId === userId;
    if (wanted && !isDue && has === false) return done({ kind: "hold", has });
    if (has === isDue) {
      const roles = await bot.memberRoles(guildId, userId);
      const seen = roles?.includes(roleId) ?? false;
      if (seen === isDue || roles === undefined) return done({ kind: "hold", has: seen });
    }
    await (isDue ? bot.giveRole(guildId, userId, roleId) : bot.takeRole(guildId, userId, roleId));
    return done({ kind: "hold", has: isDue });
  }

  /** A role that an earlier try made, and whose id did not come back. */
  async function made(job: FollowerJob & RoleWork, name: string): Promise<string | undefined> {
    const { uncertainSince, guildId } = job;
    if (uncertainSince === null) return undefined;
    const known = new Set(await store.rolesOf(guildId));
    const roles = await bot.roles(guildId);
    return roles.find(
      (role) =>
        role.name === name &&
        role.manageable &&
        !known.has(role.roleId) &&
        Number(BigInt(role.roleId) >> 22n) + EPOCH >= uncertainSince - SKEW_MS,
    )?.roleId;
  }

  async function create(job: FollowerJob & RoleWork): Promise<Ended> {
    const { guildId } = job;
    const { manageRoles, mentionAll } = await bot.rights(guildId);
    if (!manageRoles) return done({ kind: "problem", problem: "no_permission" });
    const name = roleName(job.displayName ?? "");
    const found = await made(job, name);
    if (found !== undefined) return done({ kind: "role", roleId: found, fresh: true });
    if (!(await store.creating(job, clock.now()))) return done(nothing);
    // Open to be mentioned by everybody only where the bot could not mention it otherwise.
    const roleId = await bot.createRole(guildId, { name, mentionable: !mentionAll });
    return done({ kind: "role", roleId, fresh: true });
  }

  async function role(job: FollowerJob & RoleWork): Promise<Ended> {
    const { guildId, roleId, wanted } = job;
    if (!wanted) {
      if (roleId !== null) await bot.deleteRole(guildId, roleId);
      return done({ kind: "deleted" });
    }
    if (roleId === null) return create(job);
    const shown = (await bot.roles(guildId)).find((each) => each.roleId === roleId);
    if (shown === undefined) return done({ kind: "role_gone" });
    return done(
      shown.manageable ? { kind: "role", roleId, fresh: false } : { kind: "problem", problem: "no_permission" },
    );
  }

  function failed(job: FollowerJob, error: DiscordError): Ended {
    if (error instanceof DiscordGone && error.what === "role") {
      return done({ kind: job.kind === "role" && !job.wanted ? "deleted" : "role_gone" });
    }
    // Whoever left the guild has no roles; whoever comes back gets theirs at the next look.
    if (error instanceof DiscordGone && error.what === "member") return done({ kind: "hold", has: false });
    if (hintsAtRemoval(error)) {
      if (job.kind === "role" && !job.wanted) return done({ kind: "deleted" });
      deps.suspect();
      return { kind: "again", pace: "removed", result: unknown(job) };
    }
    if (error instanceof DiscordNoPermission) return done({ kind: "problem", problem: "no_permission" });
    if (error instanceof DiscordTooManyRoles) return done({ kind: "problem", problem: "too_many_roles" });
    if (error instanceof DiscordLimited) {
      return { kind: "again", pace: "limited", notBeforeMs: error.retryAfterMs, result: nothing };
    }
    return { kind: "again", pace: "away", result: unknown(job) };
  }

  return async (job) => {
    try {
      return await (job.kind === "hold" ? hold(job) : role(job));
    } catch (error) {
      if (error instanceof DiscordError) return failed(job, error);
      throw error;
    }
  };
}

/** A request whose answer did not come may have been carried out. */
const unknown = (job: FollowerJob): FollowerResult => (job.kind === "hold" ? { kind: "hold", has: null } : nothing);

/** What the role is called: names of Twitch are short, but they are not ours. */
function roleName(displayName: string): string {
  const name = displayName.replaceAll(/[\p{Cc}\p{Cf}]/gu, "").trim();
  return `Live: ${name}`.slice(0, 100);
}
