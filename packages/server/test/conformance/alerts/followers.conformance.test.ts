import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFollowersStore } from "../../../src/modules/alerts/guilds/followers/followers.store.sql.ts";
import { alertsSchema } from "../../../src/modules/alerts/index.ts";
import { announce } from "../../support/alerts.rows.ts";
import { eachEngine } from "../../support/engines.ts";
import { type FollowerWorld, followerWorld, rolePermissions } from "../../support/follower.world.ts";
import { green, guildHouse, hour, minute, second, until } from "../../support/guild.house.ts";

eachEngine((_engine, open) => {
  let world: FollowerWorld;
  let ada: FollowerWorld["ada"];
  let clock: FollowerWorld["clock"];
  let db: FollowerWorld["db"];
  let discord: FollowerWorld["discord"];
  let follow: FollowerWorld["follow"];
  let has: FollowerWorld["has"];
  let house: FollowerWorld["house"];
  let id: FollowerWorld["id"];
  let managed: FollowerWorld["managed"];
  let mallory: FollowerWorld["mallory"];
  let roleOf: FollowerWorld["roleOf"];
  let rolesOf: FollowerWorld["rolesOf"];
  let settled: FollowerWorld["settled"];

  beforeEach(async () => {
    world = await followerWorld(await open([alertsSchema]));
    ({ ada, clock, db, discord, follow, has, house, id, managed, mallory, roleOf, rolesOf, settled } = world);
  });
  afterEach(() => world.stop());

  describe("somebody who follows", () => {
    it("gets the role of that broadcaster, which is made when the first one does", async () => {
      expect(managed()).toEqual([]);
      expect(await roleOf()).toBeNull();
      expect(await follow(mallory, true)).toMatchObject({ discord: true, push: false });
      await has("mallory", "Live: user_1");
      expect(managed()).toMatchObject([{ name: "Live: user_1", permissions: 0n, mentionable: true }]);
      expect(await house.mentionRole(green, "b1", { kind: "followers" })).toBe(managed()[0]?.id);
      expect(await house.mentionRole(green, "b2", { kind: "followers" })).toBeNull();
      expect(await house.mentionRole(green, "b1", { kind: "nobody" })).toBeNull();
      expect(await house.mentionRole(green, "b1", { kind: "role", roleId: "7" })).toBe("7");
    });

    it("and stops has it taken away, for that broadcaster and not for another", async () => {
      await follow(mallory, true, "b1");
      await follow(mallory, true, "b2");
      await follow(ada, true, "b1");
      await has("mallory", "Live: user_1", "Live: user_2");
      await has("ada.d", "Live: user_1");
      await follow(mallory, false, "b1");
      await has("mallory", "Live: user_2");
      expect(rolesOf("ada.d")).toEqual(["Live: user_1"]);
    });

    it("and changes their mind again and again ends up as they chose last", async () => {
      for (let at = 0; at < 9; at++) await follow(mallory, at % 2 === 0);
      await has("mallory", "Live: user_1");
      await Promise.all([follow(ada, true), follow(mallory, false)]);
      await has("mallory");
      await has("ada.d", "Live: user_1");
    });

    it("and wants to be silent comes before everybody who begins to follow", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      await house.drain();
      await follow(ada, true);
      clock.advance(1000);
      await follow(mallory, false);
      const now = clock.now();
      const request = { lane: "changes", now, leaseUntil: now + 1000, limit: 1 };
      expect(await createFollowersStore(db).claim(request)).toMatchObject([{ kind: "hold", wanted: false }]);
      expect(await createFollowersStore(db).claim(request)).toMatchObject([{ kind: "hold", wanted: true }]);
    });

    it("makes one role, however many do at once on however many nodes", async () => {
      const other = guildHouse(db, discord, clock);
      other.person("ada", "ada.d");
      const there = other.person("mallory", "mallory");
      other.start();
      await Promise.all([follow(ada, true), other.preferences.set(there, green, "b1", { discord: true })]);
      await has("ada.d", "Live: user_1");
      await has("mallory", "Live: user_1");
      await other.drain();
      expect(managed()).toHaveLength(1);
      expect(discord.calls.of("role.create")).toBe(1);
    });

    it("where nobody is mentioned by it needs no role, and gets it when that changes", async () => {
      await house.configs.update(ada, green, { mention: { kind: "nobody" } });
      expect(await follow(mallory, true)).toMatchObject({ discord: null });
      await settled();
      expect(managed()).toEqual([]);
      await house.destination(green, { mention: '{"kind":"followers"}' });
      clock.advance(30_000);
      await has("mallory", "Live: user_1");
    });
  });

  describe("what somebody does in Discord", () => {
    it("taking or giving a role by hand is put right within the hour", async () => {
      await follow(mallory, true);
      await follow(ada, true);
      await has("mallory", "Live: user_1");
      await has("ada.d", "Live: user_1");
      await follow(ada, false);
      await has("ada.d");
      const { members } = discord.world.guild(green);
      members.get(id("mallory"))?.roles.clear();
      members.get(id("ada.d"))?.roles.add((await roleOf()) ?? "");
      await settled();
      expect(rolesOf("mallory")).toEqual([]);
      clock.advance(hour + minute);
      await has("mallory", "Live: user_1");
      await has("ada.d");
    });

    it("deleting the role: it is made anew, with all who follow", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      const before = await roleOf();
      discord.world.deleteRole(green, before ?? "");
      await follow(ada, true);
      await has("ada.d", "Live: user_1");
      await has("mallory", "Live: user_1");
      expect(await roleOf()).not.toBe(before);
      expect(managed()).toHaveLength(1);
    });

    it("deleting the role is found within the hour when nobody meets it", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      discord.world.deleteRole(green, (await roleOf()) ?? "");
      clock.advance(hour + minute);
      await has("mallory", "Live: user_1");
    });

    it("leaving the server and coming back: the role is there again", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      discord.world.removeMember(green, "mallory");
      clock.advance(hour + minute);
      await settled();
      discord.world.addMember(green, "mallory");
      clock.advance(hour + minute);
      await has("mallory", "Live: user_1");
    });
  });

  describe("the end", () => {
    it("a role that is mentioned no more is deleted after an hour, and not before", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      await house.configs.update(ada, green, { mention: { kind: "nobody" } });
      clock.advance(30 * minute);
      await settled();
      expect(managed()).toHaveLength(1);
      clock.advance(31 * minute);
      await until(async () => {
        await house.tick();
        return managed().length === 0;
      });
      await settled();
      // What they chose is still what they chose.
      await house.configs.update(ada, green, { mention: { kind: "followers" } });
      await has("mallory", "Live: user_1");
    });

    it("a broadcaster who is announced no longer loses the role, another does not", async () => {
      await follow(mallory, true, "b1");
      await follow(mallory, true, "b2");
      await has("mallory", "Live: user_1", "Live: user_2");
      await house.tables.deleteFrom("guild_broadcasters").where("broadcaster_id", "=", "b1").execute();
      await settled();
      clock.advance(2 * hour);
      await has("mallory", "Live: user_2");
      expect(managed().map(({ name }) => name)).toEqual(["Live: user_2"]);
    });

    it("a guild that is forgotten leaves no role behind", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      await house.guilds.forget(ada, green);
      await until(async () => {
        await house.tick();
        return (await house.tables.selectFrom("follower_roles").selectAll().execute()).length === 0;
      });
      expect(managed()).toEqual([]);
      expect(await house.tables.selectFrom("follower_holds").selectAll().execute()).toEqual([]);
    });

    it("an account that is deleted, or linked no longer, has no role any more", async () => {
      await follow(mallory, true);
      await follow(ada, true);
      await has("mallory", "Live: user_1");
      await has("ada.d", "Live: user_1");
      await house.erase("mallory");
      clock.advance(30_000);
      await has("mallory");
      house.unlink("ada");
      clock.advance(hour + minute);
      await has("ada.d");
      // Linked again, it is as they chose: within the hour.
      ada = house.person("ada", "ada.d");
      clock.advance(hour + minute);
      await has("ada.d", "Live: user_1");
      house.withdraw("ada");
      clock.advance(hour + minute);
      await has("ada.d");
      ada = house.person("ada", "ada.d");
      expect((await house.preferences.get(ada)).items[0]).toMatchObject({ discord: true });
      clock.advance(hour + minute);
      await has("ada.d", "Live: user_1");
      await house.erase("ada");
      clock.advance(30_000);
      await has("ada.d");
      await settled();
      await settled();
      expect(await house.tables.selectFrom("follower_holds").selectAll().execute()).toEqual([]);
      expect(await house.tables.selectFrom("preferences").selectAll().execute()).toEqual([]);
    });

    it("somebody who is linked with another person of Discord takes the role along", async () => {
      await follow(ada, true);
      await has("ada.d", "Live: user_1");
      house.unlink("mallory");
      ada = house.person("ada", "mallory");
      await house.preferences.get(ada);
      await has("mallory", "Live: user_1");
      await has("ada.d");
    });

    it("the bot goes, and comes back: everybody has what they chose meanwhile", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      discord.world.removeBot(green);
      await house.sweep();
      await follow(mallory, false);
      await follow(ada, true);
      await house.tick();
      expect(rolesOf("mallory")).toEqual(["Live: user_1"]);
      discord.world.addBot(green, rolePermissions);
      clock.advance(minute);
      await house.sweep();
      await has("mallory");
      await has("ada.d", "Live: user_1");
    });
  });

  it("roles of two guilds have nothing to do with each other", async () => {
    discord.world.addBot(second, rolePermissions);
    clock.advance(minute);
    await house.guilds.get(ada, second);
    await announce(db, { guildId: second, broadcasterId: "b1", twitchId: "1" });
    await house.configs.update(ada, second, { mention: { kind: "followers" } });
    await follow(mallory, true);
    await house.preferences.set(mallory, second, "b1", { discord: true });
    await has("mallory", "Live: user_1");
    await until(async () => {
      await house.tick();
      return rolesOf("mallory", second).length === 1;
    });
    await follow(mallory, false);
    await has("mallory");
    expect(rolesOf("mallory", second)).toEqual(["Live: user_1"]);
  });
});
