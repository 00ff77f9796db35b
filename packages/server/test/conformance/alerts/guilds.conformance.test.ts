import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/index.ts";
import type { AccountCaller } from "../../../src/platform/caller/caller.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { announce } from "../../support/alerts.rows.ts";
import { eachEngine } from "../../support/engines.ts";
import {
  type GuildHouse,
  green,
  guildHouse,
  hour,
  minute,
  movingClock,
  second,
  until,
} from "../../support/guild.house.ts";

eachEngine((_engine, open) => {
  let discord: DiscordSimulator;
  let house: GuildHouse;
  let db: Database;
  let clock: ReturnType<typeof movingClock>;
  let ada: AccountCaller;
  let mallory: AccountCaller;
  let olga: AccountCaller;

  beforeEach(async () => {
    clock = movingClock();
    discord = await startDiscord({ now: clock.now, limits: { routes: false } });
    db = await open([alertsSchema]);
    house = guildHouse(db, discord, clock);
    ada = house.person("ada", "ada.d");
    mallory = house.person("mallory", "mallory");
    olga = house.person("olga", null, "owner");
  });
  afterEach(async () => {
    await house.drain();
    await discord.close();
  });

  /** Somebody manages the guild, and Foyer has found out that its bot is there. */
  async function installed(): Promise<void> {
    await house.guilds.get(ada, green);
    await until(async () => {
      const rows = await house.tables.selectFrom("guilds").select(["guild_id", "bot_installed"]).execute();
      return rows.some((row) => row.guild_id === green && row.bot_installed === 1);
    });
  }

  const refused = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: { code?: string }) => error.code ?? "a defect",
    );

  describe("who may", () => {
    it("manage a guild, by Discord's word: its owner and whoever has the permission", async () => {
      expect(await house.access.manage(ada, green)).toEqual({ accountId: "ada", guildName: "The Green Room" });
      expect(await refused(house.access.manage(mallory, green))).toBe("guild.forbidden");
      expect(await house.access.managed(mallory)).toEqual([]);
      expect(await house.access.joined(mallory)).toEqual(["here", green]);
      const role = discord.world.addRole(second, { name: "Mods", permissions: ["administrator"] });
      discord.world.addMember(second, "mallory", [role.id]);
      clock.advance(5 * minute);
      expect(await house.access.managed(mallory)).toEqual([second]);
    });

    it("manage what nobody knows, or is not in: nobody, and the answer is the same", async () => {
      discord.world.addGuild({ id: "1200000000000000003", name: "Elsewhere" });
      for (const guildId of ["1200000000000000003", "1200000000000009999"]) {
        expect(await refused(house.access.manage(ada, guildId))).toBe("guild.forbidden");
      }
      expect(await refused(house.access.manage({ kind: "anonymous", addressHash: "x" }, green))).toBe("auth.required");
    });

    it("manage this server itself: its admins, with or without Discord", async () => {
      expect(await house.access.manage(olga, "here")).toEqual({ accountId: "olga", guildName: "foyer.example" });
      expect(await refused(house.access.manage(ada, "here"))).toBe("guild.forbidden");
      expect(await house.access.managed(olga)).toEqual(["here"]);
      expect(await house.access.joined(olga)).toEqual(["here"]);
      expect(await refused(house.access.manage(olga, green))).toBe("guild.forbidden");
    });

    it("is asked of Discord again after five minutes, and once at a time", async () => {
      // Without a bot, whose questions are counted under the same name.
      const { DISCORD_BOT_TOKEN: _, ...botless } = discord.environment;
      house = guildHouse(db, discord, clock, botless);
      ada = house.person("ada", "ada.d");
      await Promise.all(Array.from({ length: 8 }, () => house.access.manage(ada, green)));
      expect(discord.calls.of("guilds")).toBe(1);
      // Ada gives the server away.
      discord.world.guild(green).ownerId = discord.world.person("mallory").id;
      expect(await refused(house.access.manage(ada, green))).toBe("done");
      clock.advance(5 * minute - 2000);
      expect(await refused(house.access.manage(ada, green))).toBe("done");
      expect(discord.calls.of("guilds")).toBe(1);
      clock.advance(3000);
      expect(await refused(house.access.manage(ada, green))).toBe("guild.forbidden");
      expect(discord.calls.of("guilds")).toBe(2);
    });

    it("ends at once with the link, and follows it to another person", async () => {
      expect(await refused(house.access.manage(ada, green))).toBe("done");
      house.unlink("ada");
      expect(await refused(house.access.manage(ada, green))).toBe("guild.forbidden");
      house.person("ada", "mallory");
      expect(await refused(house.access.manage(ada, green))).toBe("guild.forbidden");
    });

    it("is denied while Discord does not answer, or takes the access no longer", async () => {
      discord.fault({ kind: "unavailable", operation: "guilds" });
      expect(await refused(house.access.manage(ada, green))).toBe("provider.unavailable");
      discord.clearFaults();
      expect(await refused(house.access.manage(ada, green))).toBe("done");
      discord.fault({ kind: "unavailable", operation: "guilds" });
      clock.advance(6 * minute);
      expect(await refused(house.access.manage(ada, green))).toBe("provider.unavailable");
      discord.clearFaults();
      discord.revokeUser(discord.world.person("ada.d").id);
      expect(await refused(house.access.manage(ada, green))).toBe("link.sign_in_again");
      house.person("ada", "ada.d");
      expect(await refused(house.access.manage(ada, green))).toBe("done");
    });
  });

  describe("guilds", () => {
    it("are listed with where the bot is, and how to add it", async () => {
      const guilds = await house.guilds.list(ada);
      expect(guilds.map(({ name, botInstalled }) => [name, botInstalled])).toEqual([
        ["The Green Room", true],
        ["Second Stage", false],
      ]);
      const link = new URL(guilds[1]?.installUrl ?? "");
      expect(link.searchParams.get("guild_id")).toBe(second);
      expect(link.searchParams.get("permissions")).toBe("84992");
      expect(await house.guilds.list(olga)).toEqual([
        { guildId: "here", name: "foyer.example", iconUrl: null, botInstalled: true, installUrl: null },
      ]);
      expect(await house.guilds.list(mallory)).toEqual([]);
    });

    it("see the bot come within seconds, and go", async () => {
      expect(await house.guilds.get(ada, second)).toMatchObject({ botInstalled: false });
      discord.world.addBot(second);
      clock.advance(3000);
      expect(await house.guilds.get(ada, second)).toMatchObject({ botInstalled: true });
      discord.world.removeBot(second);
      clock.advance(15_000);
      expect(await house.guilds.get(ada, second)).toMatchObject({ botInstalled: false });
    });

    it("show what was known last while Discord does not answer the bot", async () => {
      await installed();
      clock.advance(minute);
      const token = discord.resetBotToken();
      expect(await house.guilds.get(ada, green)).toMatchObject({ botInstalled: true });
      expect(await house.status()).toMatchObject({ botWorks: false, problem: expect.stringContaining("token") });
      expect(token).not.toBe("");
    });

    it("say what channels and roles there are, and nothing of those of others", async () => {
      const [news] = await house.directory.channels(green);
      expect(await house.directory.channel(green, news?.channelId ?? "")).toEqual(news);
      discord.world.addBot(second);
      const foreign = [...discord.world.guild(second).channels.keys()][0] ?? "";
      expect(await house.directory.channel(green, foreign)).toBeUndefined();
      expect(await house.directory.channels("here")).toEqual([]);
      expect(await refused(house.directory.channels("1200000000000009999"))).toBe("guild.bot_missing");
      const roleId = (await house.directory.roles(green)).find(({ name }) => name === "Live pings")?.roleId ?? "";
      expect(await refused(house.directory.checkMention(green, { kind: "role", roleId }))).toBe("done");
      for (const wrong of [green, "1200000000000009999", [...discord.world.guild(second).roles.keys()][0] ?? ""]) {
        expect(await refused(house.directory.checkMention(green, { kind: "role", roleId: wrong }))).toBe(
          "request.invalid",
        );
      }
      expect(await refused(house.directory.checkMention("here", { kind: "followers" }))).toBe("request.invalid");
      expect(await refused(house.directory.checkMention("here", { kind: "nobody" }))).toBe("done");
    });
  });

  describe("what holds for a guild", () => {
    it("is a default until somebody changes it, and then that, for that guild alone", async () => {
      expect(await house.configs.get(ada, green)).toMatchObject({
        endAction: "recap",
        mention: { kind: "nobody" },
        maxEdits: 10,
        followerRoleProblem: null,
      });
      const change = { endAction: "delete", reannounceMinutes: 0, mention: { kind: "followers" } } as const;
      expect(await house.configs.update(ada, green, change)).toMatchObject(change);
      expect(await house.configs.get(ada, green)).toMatchObject({ ...change, maxEdits: 10 });
      expect(await house.configs.get(ada, second)).toMatchObject({ endAction: "recap", reannounceMinutes: 10 });
      expect(await house.configs.update(ada, green, {})).toMatchObject(change);
      expect(house.audited[0]).toMatchObject({
        actorId: "ada",
        action: "guild.configured",
        subject: { kind: "guild", id: green },
        details: { fields: "endAction mention reannounceMinutes" },
      });
    });

    it("is no role of another guild, and no template with unknown variables", async () => {
      const foreign = [...discord.world.guild(second).roles.keys()][0] ?? "";
      const mention = { kind: "role", roleId: foreign } as const;
      expect(await refused(house.configs.update(ada, green, { mention }))).toBe("request.invalid");
      const message = { content: "{who_knows}", embed: null };
      const template = { live: message, recap: message };
      expect(await refused(house.configs.update(ada, green, { template }))).toBe("template.invalid");
      expect(await refused(house.configs.update(mallory, green, { maxEdits: 1 }))).toBe("guild.forbidden");
      expect(await house.configs.get(ada, green)).toMatchObject({ mention: { kind: "nobody" }, maxEdits: 10 });
    });

    it("asks for managing roles only where followers are mentioned: by the guild, a destination or an override", async () => {
      const permissions = async () =>
        new URL((await house.guilds.get(ada, green)).installUrl ?? "").searchParams.get("permissions");
      expect(await permissions()).toBe("84992");
      await house.configs.update(ada, green, { mention: { kind: "followers" } });
      expect(await permissions()).toBe("268520448");
      await house.configs.update(ada, green, { mention: { kind: "nobody" } });
      expect(await permissions()).toBe("84992");
      const destinationId = await house.destination(green, { mention: '{"kind":"followers"}' });
      expect(await permissions()).toBe("268520448");
      await house.tables.updateTable("destinations").set({ mention: null }).execute();
      await house.tables
        .insertInto("overrides")
        .values({ destination_id: destinationId, broadcaster_id: "b", enabled: 1, mention: '{"kind":"followers"}' })
        .execute();
      expect(await permissions()).toBe("268520448");
      await house.tables.updateTable("destinations").set({ removed_at: 1 }).execute();
      expect(await permissions()).toBe("84992");
    });
  });

  describe("removal of the bot", () => {
    const states = async () => {
      const rows = await house.tables.selectFrom("destinations").select(["name", "enabled", "off_reason"]).execute();
      return Object.fromEntries(rows.map((row) => [row.name, [row.enabled, row.off_reason]]));
    };

    async function setUp(): Promise<void> {
      await installed();
      await house.destination(green, { name: "on" });
      await house.destination(green, { name: "off", enabled: 0 });
      await house.destination(green, { name: "gone", enabled: 0, off_reason: "channel_gone" });
      await house.destination(green, { name: "push", kind: "push" });
    }

    it("switches its destinations in Discord off, and its coming back those on again", async () => {
      await setUp();
      discord.world.removeBot(green);
      await house.sweep();
      const removed = { on: [0, "bot_removed"], off: [0, null], gone: [0, "channel_gone"], push: [1, null] };
      expect(await states()).toEqual(removed);
      await house.sweep();
      expect(await states()).toEqual(removed);
      discord.world.addBot(green);
      await house.sweep();
      expect(await states()).toEqual({ ...removed, on: [1, null] });
    });

    it("is not believed of a list that came out short", async () => {
      await setUp();
      const { members } = discord.world.guild(green);
      const botMember = members.get(discord.world.bot.id);
      // The list does not have it, and the guild itself says otherwise.
      discord.fault({ kind: "error", operation: "guild", times: 1 });
      members.delete(discord.world.bot.id);
      await expect(house.sweep()).rejects.toMatchObject({ name: "DiscordAway" });
      expect((await states())["on"]).toEqual([1, null]);
      if (botMember !== undefined) members.set(discord.world.bot.id, botMember);
      await house.sweep();
      expect((await states())["on"]).toEqual([1, null]);
    });

    it("is found by whoever meets it", async () => {
      await setUp();
      discord.world.removeBot(green);
      clock.advance(minute);
      expect(await refused(house.directory.channels(green))).toBe("guild.bot_missing");
      await until(async () => (await states())["on"]?.[1] === "bot_removed");
    });

    it("keeps everything for thirty days, and then nothing", async () => {
      await setUp();
      await announce(db, { guildId: green, broadcasterId: "b1", twitchId: "1" });
      discord.world.removeBot(green);
      await house.sweep();
      clock.advance(29 * 24 * hour);
      await house.sweep();
      expect(Object.keys(await states())).toHaveLength(4);
      clock.advance(2 * 24 * hour);
      await house.sweep();
      expect(await states()).toEqual({});
      for (const table of ["guilds", "guild_broadcasters", "preferences"] as const) {
        expect(await house.tables.selectFrom(table).selectAll().execute(), table).toEqual([]);
      }
      expect(house.audited.map(({ action }) => action)).toContain("guild.erased");
    });
  });

  it("a guild that is forgotten is gone with everything, and others are not", async () => {
    await house.guilds.get(ada, green);
    await house.guilds.get(ada, second);
    for (const guildId of [green, second]) {
      await announce(db, { guildId, broadcasterId: "b1", twitchId: "1" });
      const destinationId = await house.destination(guildId);
      await house.tables
        .insertInto("overrides")
        .values({ destination_id: destinationId, broadcaster_id: "b1", enabled: 0 })
        .execute();
      await house.preferences.set(mallory, guildId, "b1", { push: true });
    }
    expect(await refused(house.guilds.forget(mallory, green))).toBe("guild.forbidden");
    expect(await refused(house.guilds.forget(olga, "here"))).toBe("request.invalid");
    await house.guilds.forget(ada, green);
    for (const table of ["guilds", "guild_broadcasters", "destinations", "preferences"] as const) {
      const rows = await house.tables.selectFrom(table).select("guild_id").execute();
      expect(
        rows.map((row) => row.guild_id).filter((guildId) => guildId !== "here"),
        table,
      ).toEqual([second]);
    }
    expect(await house.tables.selectFrom("overrides").selectAll().execute()).toHaveLength(1);
    expect(house.audited.at(-1)).toMatchObject({ actorId: "ada", action: "guild.forgotten", subject: { id: green } });
    // Whoever manages it can begin anew.
    expect(await house.configs.get(ada, green)).toMatchObject({ mention: { kind: "nobody" } });
  });

  it("without Discord only this server itself is there", async () => {
    const bare = guildHouse(db, discord, clock, {});
    const nobody = bare.person("ada", null, "owner");
    expect(await bare.guilds.list(nobody)).toHaveLength(1);
    expect(await refused(bare.access.manage(nobody, green))).toBe("guild.forbidden");
    expect(await bare.status()).toMatchObject({ configured: false, botWorks: false });
    expect(await bare.preferences.get(nobody)).toMatchObject({ items: [], discordLinked: false });
    await bare.sweep();
    await bare.tick();
    await bare.drain();
  });
});
