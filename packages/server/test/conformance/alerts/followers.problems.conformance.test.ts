import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/index.ts";
import { eachEngine } from "../../support/engines.ts";
import { type FollowerWorld, followerWorld, rolePermissions } from "../../support/follower.world.ts";
import { green, hour, minute, until } from "../../support/guild.house.ts";

eachEngine((_engine, open) => {
  let world: FollowerWorld;
  let ada: FollowerWorld["ada"];
  let clock: FollowerWorld["clock"];
  let discord: FollowerWorld["discord"];
  let follow: FollowerWorld["follow"];
  let has: FollowerWorld["has"];
  let house: FollowerWorld["house"];
  let managed: FollowerWorld["managed"];
  let mallory: FollowerWorld["mallory"];
  let roleOf: FollowerWorld["roleOf"];
  let rolesOf: FollowerWorld["rolesOf"];

  beforeEach(async () => {
    world = await followerWorld(await open([alertsSchema]));
    ({ ada, clock, discord, follow, has, house, managed, mallory, roleOf, rolesOf } = world);
  });
  afterEach(() => world.stop());

  describe("what is in the way", () => {
    const problem = async () => (await house.configs.get(ada, green)).followerRoleProblem;

    it("a permission that is missing is told, asked for, and mended as soon as it is given", async () => {
      discord.world.addBot(green);
      await follow(mallory, true);
      await until(async () => (await problem()) === "no_permission");
      expect((await house.guilds.get(ada, green)).installUrl).toContain("permissions=268520448");
      expect(await house.mentionRole(green, "b1", { kind: "followers" })).toBeNull();
      expect(discord.calls.of("role.create")).toBe(0);
      discord.world.addBot(green, rolePermissions);
      clock.advance(11_000);
      await until(async () => (await problem()) === null);
      await has("mallory", "Live: user_1");
    });

    it("a permission that goes later stops everything about that guild after one refusal", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      discord.world.addBot(green);
      for (const [at, name] of ["p", "q", "r", "s"].entries()) {
        discord.world.addPerson({ id: `8035111022467900${at}`, login: name, displayName: name });
        discord.world.addMember(green, name);
      }
      discord.calls.reset();
      for (const name of ["p", "q", "r", "s"]) await follow(house.person(name, name), true);
      await until(async () => {
        await house.tick();
        return (await problem()) === "no_permission";
      });
      // What was under way may still be refused; nothing new is begun.
      await house.drain();
      const refusals = discord.limits.invalidCount();
      expect(refusals).toBeLessThanOrEqual(4);
      house.start();
      for (let at = 0; at < 5; at++) await house.tick();
      await house.drain();
      expect(discord.limits.invalidCount()).toBe(refusals);
      house.start();
      discord.world.addBot(green, rolePermissions);
      clock.advance(hour);
      for (const name of ["p", "q", "r", "s"]) await has(name, "Live: user_1");
      expect(await problem()).toBeNull();
    });

    it("too many roles are told", async () => {
      for (let at = 0; at < 250; at++) discord.world.addRole(green, { name: `Role ${at}` });
      await follow(mallory, true);
      await until(async () => (await problem()) === "too_many_roles");
      for (const role of [...discord.world.guild(green).roles.values()]) {
        if (role.name.startsWith("Role ")) discord.world.deleteRole(green, role.id);
      }
      clock.advance(11_000);
      await until(async () => (await problem()) === null);
      await has("mallory", "Live: user_1");
    });

    it("an outage delays what was chosen, and loses nothing", async () => {
      await follow(mallory, true);
      await has("mallory", "Live: user_1");
      discord.fault({ kind: "unavailable", operation: "member.role" });
      await follow(mallory, false);
      await follow(ada, true);
      await until(async () => {
        await house.tick();
        return discord.calls.of("member.role.remove") > 0 && discord.calls.of("member.role.add") > 1;
      });
      expect(rolesOf("mallory")).toEqual(["Live: user_1"]);
      discord.clearFaults();
      clock.advance(6 * minute);
      await has("mallory");
      await has("ada.d", "Live: user_1");
    });

    it("answers that get lost leave no second role, and nobody with a role they do not want", async () => {
      discord.fault({ kind: "disconnect", operation: "role.create", after: true, times: 1 });
      discord.fault({ kind: "disconnect", operation: "member.role.add", after: true, times: 1 });
      await follow(mallory, true);
      await until(async () => {
        await house.tick();
        return managed().length === 1;
      });
      clock.advance(6 * minute);
      await has("mallory", "Live: user_1");
      expect(managed()).toHaveLength(1);
      expect(discord.calls.of("role.create")).toBe(1);
      await follow(mallory, false);
      clock.advance(6 * minute);
      await has("mallory");
    });

    it("a role of the same name that somebody else made is left alone", async () => {
      const theirs = discord.world.addRole(green, { name: "Live: user_1" });
      await follow(mallory, true);
      await until(async () => (await roleOf()) !== null);
      expect(await roleOf()).not.toBe(theirs.id);
    });
  });
});
