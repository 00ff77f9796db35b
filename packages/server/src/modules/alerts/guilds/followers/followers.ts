import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import type { Bus } from "../../../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../../../platform/clock/clock.ts";
import { createOutboxWorker, type OutboxWorker } from "../../../../platform/outbox/outbox.worker.ts";
import type { DiscordBot } from "../discord/discord.port.ts";
import type { LinkedAccounts } from "../discord/linked.accounts.port.ts";
import type { FollowerRoles } from "../follower.roles.port.ts";
import type { FollowerJob, FollowerResult, FollowersStore, RoleProblem } from "./followers.store.ts";
import { createFollowerWork, type FollowerPace, followerPaces } from "./followers.work.ts";

export interface FollowersDeps {
  bot: DiscordBot | undefined;
  store: FollowersStore;
  links: Pick<LinkedAccounts, "discordUser">;
  suspect: () => void;
  bus: Bus;
  clock: Clock;
  ids: Pick<Ids, "fraction">;
  log: Logger;
  metrics: Registry;
}

/** The roles in Discord that Foyer manages. What is wanted is in the database; this makes it so, and keeps it so. */
export interface Followers extends FollowerRoles {
  start(): void;
  /** Who follows, or who is mentioned, has changed: sees to it now, without being waited for. */
  changed(): void;
  /** Whether somebody may have their roles has changed: looks now. */
  recheck(accountId: string): Promise<void>;
  /** What is in the way in a guild; looks again where something was. */
  problem(guildId: string): Promise<RoleProblem | null>;
  /** Looks for what is due, and now and then whether what is wanted is up to date. For a job every second. */
  tick(): Promise<void>;
  drain(): Promise<void>;
}

/** Longer than any call to Discord, and short enough that another node soon goes on. */
const LEASE_MS = 60_000;
const DRAIN_MS = 5_000;
/** Somebody who mends a permission watches the page: it looks again as often as this. */
const RETRY_MS = 10_000;
const PROBLEM_MS = 900_000;
/** Whoever changes who follows or is mentioned says so; this is for all else. */
const DERIVE_MS = 30_000;

export function createFollowers(deps: FollowersDeps): Followers {
  const { bot, store, clock, log } = deps;
  let deriving: Promise<void> | undefined;
  let again = false;
  let derivedAt = Number.NEGATIVE_INFINITY;

  const worker: OutboxWorker | undefined =
    bot &&
    createOutboxWorker<FollowerJob, FollowerResult, FollowerPace>({
      name: "followers",
      store,
      run: createFollowerWork({ ...deps, bot }),
      broken: () => ({ kind: "again", pace: "removed", result: { kind: "nothing" } }),
      lanes: { roles: 2, changes: 8, checks: 4 },
      paces: followerPaces,
      leaseMs: LEASE_MS,
      drainMs: DRAIN_MS,
      bus: deps.bus,
      clock,
      ids: deps.ids,
      log,
    });

  new Gauge({
    name: "foyer_discord_roles_lagging",
    help: "People whose role in Discord is not yet as they chose.",
    registers: [deps.metrics],
    async collect() {
      this.set(bot === undefined ? 0 : await store.lagging(clock.now()));
    },
  });

  async function derive(): Promise<void> {
    do {
      again = false;
      derivedAt = clock.now();
      await store.derive(derivedAt);
    } while (again);
  }

  /** One at a time: what changes while one is under way is seen by the next. */
  function refresh(): Promise<void> {
    again = true;
    deriving ??= derive().finally(() => {
      deriving = undefined;
    });
    return deriving;
  }

  return {
    start: () => worker?.start(),
    changed() {
      refresh()
        .then(() => worker?.wake())
        .catch((error: unknown) => log.error({ err: error }, "The roles in Discord could not be brought up to date"));
    },
    async recheck(accountId) {
      await store.recheck(accountId, clock.now());
      worker?.wake();
    },
    async problem(guildId) {
      const now = clock.now();
      if (await store.retryProblems(guildId, now + PROBLEM_MS - RETRY_MS, now)) worker?.wake("roles");
      return store.problemOf(guildId);
    },
    roleOf: (guildId, broadcasterId) => store.roleOf(guildId, broadcasterId),
    async tick() {
      if (worker === undefined) return;
      if (clock.now() - derivedAt >= DERIVE_MS) await refresh();
      await worker.poll();
    },
    async drain() {
      await deriving?.catch(() => undefined);
      await worker?.drain();
    },
  };
}
