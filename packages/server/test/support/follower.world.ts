import { startDiscord } from "@foyer/simulators/discord";
import type { AccountCaller } from "../../src/platform/caller/caller.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { announce } from "./alerts.rows.ts";
import { green, guildHouse, movingClock, until } from "./guild.house.ts";

/** What posting and managing roles take together. */
export const rolePermissions = 84992n | (1n << 28n);

/** A guild that announces two broadcasters and mentions who follows them; Ada manages it, Mallory is a member. */
export async function followerWorld(db: Database) {
  const clock = movingClock();
  const discord = await startDiscord({ now: clock.now, limits: { routes: false } });
  discord.world.addBot(green, rolePermissions);
  const house = guildHouse(db, discord, clock);
  const ada = house.person("ada", "ada.d");
  const mallory = house.person("mallory", "mallory");
  await house.guilds.get(ada, green);
  await announce(db, { guildId: green, broadcasterId: "b1", twitchId: "1" });
  await announce(db, { guildId: green, broadcasterId: "b2", twitchId: "2" });
  await house.configs.update(ada, green, { mention: { kind: "followers" } });
  house.start();

  /** Names of the roles that somebody has in Discord. */
  function rolesOf(login: string, guildId = green): string[] {
    const { members, roles } = discord.world.guild(guildId);
    const own = members.get(discord.world.person(login).id)?.roles ?? [];
    return [...own].map((each) => roles.get(each)?.name ?? "?").sort();
  }

  return {
    ...{ db, clock, discord, house, ada, mallory, rolesOf },
    id: (login: string) => discord.world.person(login).id,
    roleOf: (broadcasterId = "b1") => house.followers.roleOf(green, broadcasterId),
    /** Roles that Foyer made. */
    managed: (guildId = green) =>
      [...discord.world.guild(guildId).roles.values()].filter(({ name }) => name.startsWith("Live: ")),
    follow: (who: AccountCaller, wanted: boolean, broadcasterId = "b1") =>
      house.preferences.set(who, green, broadcasterId, { discord: wanted }),
    /** Waits until somebody has these roles in Discord, and no others. */
    has: (login: string, ...names: string[]) =>
      until(
        async () => {
          await house.tick();
          return JSON.stringify(rolesOf(login)) === JSON.stringify(names);
        },
        `${login} has ${names.join(", ") || "nothing"}`,
      ),
    /** Waits until everything that is due is done. */
    settled() {
      // What nobody has said is looked for every half a minute.
      clock.advance(30_000);
      return until(async () => {
        await house.tick();
        const now = clock.now();
        const roles = await house.tables
          .selectFrom("follower_roles")
          .selectAll()
          .where((eb) => eb.or([eb("lease_until", ">", now), eb("due_at", "<=", now)]))
          .execute();
        const lagging = await house.metrics.getSingleMetric("foyer_discord_roles_lagging")?.get();
        return roles.length === 0 && lagging?.values[0]?.value === 0;
      }, "everything is done");
    },
    async stop() {
      await house.drain();
      await discord.close();
    },
  };
}
export type FollowerWorld = Awaited<ReturnType<typeof followerWorld>>;
