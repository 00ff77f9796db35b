import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { afterEach, beforeEach, expect, it } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/index.ts";
import type { AccountCaller } from "../../../src/platform/caller/caller.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { announce } from "../../support/alerts.rows.ts";
import { eachEngine } from "../../support/engines.ts";
import { type GuildHouse, green, guildHouse, minute, movingClock, second } from "../../support/guild.house.ts";

eachEngine((_engine, open) => {
  let discord: DiscordSimulator;
  let house: GuildHouse;
  let db: Database;
  let clock: ReturnType<typeof movingClock>;
  let ada: AccountCaller;
  let mallory: AccountCaller;
  let nobody: AccountCaller;

  beforeEach(async () => {
    clock = movingClock();
    discord = await startDiscord({ now: clock.now, limits: { routes: false } });
    db = await open([alertsSchema]);
    house = guildHouse(db, discord, clock);
    ada = house.person("ada", "ada.d");
    mallory = house.person("mallory", "mallory");
    nobody = house.person("nobody", null);
    await house.guilds.get(ada, green);
    await announce(db, { guildId: green, broadcasterId: "b1", twitchId: "1" });
    await announce(db, { guildId: green, broadcasterId: "b2", twitchId: "2" });
    await announce(db, { guildId: "here", broadcasterId: "b1", twitchId: "1" });
  });
  afterEach(async () => {
    await house.drain();
    await discord.close();
  });

  const refused = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: { code?: string }) => error.code ?? "a defect",
    );
  const choices = async (who: AccountCaller) =>
    (await house.preferences.get(who)).items.map(({ guildId, streamer, discord: mentioned, push }) => [
      guildId,
      streamer.streamerId,
      mentioned,
      push,
    ]);

  it("are of every streamer of the guilds that one is in, with what holds when nothing was chosen", async () => {
    expect(await choices(mallory)).toEqual([
      ["here", "b1", null, true],
      [green, "b1", null, false],
      [green, "b2", null, false],
    ]);
    await house.configs.update(ada, green, { mention: { kind: "followers" } });
    expect((await choices(mallory))[1]).toEqual([green, "b1", false, false]);
    expect(await choices(nobody)).toEqual([["here", "b1", null, true]]);
    expect(await house.preferences.get(mallory)).toMatchObject({ discordLinked: true, quietHours: null });
    expect(await house.preferences.get(nobody)).toMatchObject({ discordLinked: false });
  });

  it("are one's own: nobody sees another's, and a choice of one changes nothing for another", async () => {
    await house.configs.update(ada, green, { mention: { kind: "followers" } });
    await house.preferences.set(mallory, green, "b1", { push: true });
    expect(await house.preferences.set(mallory, green, "b1", { discord: true })).toMatchObject({
      guildId: green,
      guildName: "The Green Room",
      discord: true,
      push: true,
    });
    await house.preferences.set(mallory, "here", "b1", { push: false });
    expect(await choices(mallory)).toEqual([
      ["here", "b1", null, false],
      [green, "b1", true, true],
      [green, "b2", false, false],
    ]);
    expect(await choices(ada)).toEqual([
      ["here", "b1", null, true],
      [green, "b1", false, false],
      [green, "b2", false, false],
    ]);
  });

  it("of two changes at once both stay", async () => {
    await house.configs.update(ada, green, { mention: { kind: "followers" } });
    await Promise.all([
      house.preferences.set(mallory, green, "b1", { push: true }),
      house.preferences.set(mallory, green, "b1", { discord: true }),
    ]);
    expect((await choices(mallory))[1]).toEqual([green, "b1", true, true]);
  });

  it("are only for guilds that one is in, by Discord's word, and for streamers that are announced there", async () => {
    discord.world.addGuild({ id: "1200000000000000003", name: "Elsewhere", owner: "ada.d" });
    clock.advance(6 * minute);
    await house.guilds.get(ada, "1200000000000000003");
    await announce(db, { guildId: "1200000000000000003", broadcasterId: "b1", twitchId: "1" });
    const set = (who: AccountCaller, guildId: string, streamer: string) =>
      refused(house.preferences.set(who, guildId, streamer, { push: true }));
    expect(await set(mallory, "1200000000000000003", "b1")).toBe("guild.not_found");
    expect(await set(mallory, second, "b1")).toBe("guild.not_found");
    expect(await set(mallory, "1200000000000009999", "b1")).toBe("guild.not_found");
    expect(await set(mallory, green, "b9")).toBe("streamer.not_found");
    expect(await set(mallory, "here", "b2")).toBe("streamer.not_found");
    expect(await set(nobody, green, "b1")).toBe("guild.not_found");
    expect(await refused(house.preferences.get({ kind: "anonymous", addressHash: "x" }))).toBe("auth.required");
    expect(await house.tables.selectFrom("preferences").selectAll().execute()).toEqual([]);
    // Whoever leaves is out after five minutes at most.
    expect(await set(mallory, green, "b1")).toBe("done");
    discord.world.removeMember(green, "mallory");
    clock.advance(5 * minute + 1);
    expect(await set(mallory, green, "b1")).toBe("guild.not_found");
    expect(await choices(mallory)).toEqual([["here", "b1", null, true]]);
  });

  it("show this server alone while a link does not work", async () => {
    discord.revokeUser(discord.world.person("mallory").id);
    expect(await choices(mallory)).toEqual([["here", "b1", null, true]]);
    expect(await house.preferences.get(mallory)).toMatchObject({ discordLinked: false });
    clock.advance(6 * minute);
    discord.fault({ kind: "unavailable", operation: "guilds" });
    expect(await refused(house.preferences.get(ada))).toBe("provider.unavailable");
  });

  it("quiet hours are in a zone that there is, and have a length", async () => {
    const night = { from: "22:30", to: "07:00", timeZone: "Europe/Berlin" };
    expect(await house.preferences.setQuietHours(mallory, night)).toMatchObject({ quietHours: night });
    expect(await house.preferences.get(ada)).toMatchObject({ quietHours: null });
    for (const wrong of [
      { ...night, timeZone: "Mars/Olympus" },
      { ...night, timeZone: "+02:00" },
      { ...night, to: "22:30" },
    ]) {
      expect(await refused(house.preferences.setQuietHours(mallory, wrong))).toBe("request.invalid");
    }
    const noon = { from: "12:00", to: "13:00", timeZone: "America/New_York" };
    expect(await house.preferences.setQuietHours(mallory, noon)).toMatchObject({ quietHours: noon });
    expect(await house.preferences.setQuietHours(mallory, null)).toMatchObject({ quietHours: null });
  });
});
