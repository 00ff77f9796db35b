import { beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/modules/chat/access.cache.ts";
import { createSqlSanctionsStore } from "../../src/modules/chat/moderation/sanctions.store.sql.ts";
import { createSqlRoomsStore } from "../../src/modules/chat/rooms/rooms.store.sql.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import type { AccountCaller } from "../../src/platform/caller/caller.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { type ChatWorld, createChatWorld, type Someone } from "../support/chat.world.ts";
import { eachEngine } from "../support/engines.ts";

eachEngine((_engine, open) => {
  describe("access", () => {
    let world: ChatWorld;
    let olga: Someone;
    let ada: Someone;
    let bob: Someone;
    const roles = new Map<string, Someone>();
    const params = { roomId: "general" };

    beforeEach(async () => {
      world = await createChatWorld(await open());
      olga = world.person("Olga", "owner");
      ada = world.person("Ada");
      bob = world.person("Bob");
      for (const someone of [olga, ada, bob]) roles.set(someone.accountId, someone);
    });

    const bus = createMemoryBus({ log: silentLogger() });
    const accessOf = (size?: number) =>
      createAccess({
        rooms: createSqlRoomsStore(world.database),
        sanctions: createSqlSanctionsStore(world.database),
        accounts: { role: async (accountId) => roles.get(accountId)?.role },
        bus,
        clock: world.clock,
        ...(size === undefined ? {} : { size }),
      });
    const callerOf = ({ accountId, profile, role, address }: Someone, addressHash = address): AccountCaller => ({
      kind: "account",
      accountId,
      profile,
      role,
      sessionId: accountId,
      expiresAt: 4e12,
      addressHash,
    });

    it("knows a context without waiting once it was loaded, until something about it changes", async () => {
      const access = accessOf();
      const other = accessOf();
      const caller = callerOf(ada);
      expect(access.cached(caller, "general")).toBeUndefined();
      const loaded = await access.load(caller, "general");
      expect(access.cached(caller, "general")).toBe(loaded);
      expect(await access.load(caller, "general")).toBe(loaded);
      for (const change of [
        {},
        { roomId: "general" },
        { accountId: ada.accountId },
        { ...params, accountId: ada.accountId },
      ]) {
        await access.load(caller, "general");
        expect(access.cached(caller, "general")).toBeDefined();
        other.changed(change);
        expect(access.cached(caller, "general"), JSON.stringify(change)).toBeUndefined();
      }
      await access.load(caller, "general");
      other.changed({ roomId: "elsewhere" });
      other.changed({ accountId: bob.accountId });
      other.changed({ roomId: "general", accountId: bob.accountId });
      expect(access.cached(caller, "general")).toBeDefined();
      bus.publish("identity.account_changed", JSON.stringify({ accountId: ada.accountId }));
      expect(access.cached(caller, "general")).toBeUndefined();
      await access.load(caller, "general");
      bus.publish("chat.access_changed", "not JSON");
      expect(access.cached(caller, "general")).toBeUndefined();
      access.close();
      other.close();
    });

    it("does not keep what was read before a change and arrives after it", async () => {
      const access = accessOf();
      const caller = callerOf(ada);
      const underWay = access.load(caller, "general");
      access.changed({ roomId: "general" });
      expect((await underWay).room.id).toBe("general");
      expect(access.cached(caller, "general")).toBeUndefined();
      access.close();
    });

    it("forgets a context when a time out ends, and everything after a minute", async () => {
      const access = accessOf();
      await world.ok(olga, "muteMember", { params, body: { accountId: ada.accountId, seconds: 20 } });
      const caller = callerOf(ada);
      expect((await access.load(caller, "general")).writeBlock).toMatchObject({ code: "member.timed_out" });
      world.clock.pass(19_000);
      expect(access.cached(caller, "general")?.rights.write).toBe(false);
      world.clock.pass(1000);
      expect(access.cached(caller, "general")).toBeUndefined();
      expect((await access.load(caller, "general")).writeBlock).toBeNull();
      world.clock.pass(59_000);
      expect(access.cached(caller, "general")).toBeDefined();
      world.clock.pass(1000);
      expect(access.cached(caller, "general")).toBeUndefined();
      access.close();
    });

    it("keeps addresses of one account apart, and caches no refusal", async () => {
      const access = accessOf();
      bob.addresses = ["cafe"];
      await access.load(callerOf(ada, "cafe"), "general");
      await access.load(callerOf(ada, "home"), "general");
      const body = { accountId: bob.accountId, address: true };
      const ban = await world.ok(olga, "banMember", { params, body });
      access.changed({ roomId: "general" });
      await expect(access.load(callerOf(ada, "cafe"), "general")).rejects.toMatchObject({ code: "member.banned" });
      expect((await access.load(callerOf(ada, "home"), "general")).rights.read).toBe(true);
      expect(access.cached(callerOf(ada, "cafe"), "general")).toBeUndefined();
      await world.ok(olga, "liftBan", { params: { ...params, banId: ban.banId } });
      expect((await access.load(callerOf(ada, "cafe"), "general")).rights.read).toBe(true);
      access.close();
    });

    it("heals within a minute on a node that the news did not reach", async () => {
      const deaf = await world.deafNode();
      const send = { params, body: { message: "hello" } };
      await deaf.ok(ada, "sendMessage", send);
      await world.ok(olga, "banMember", { params, body: { accountId: ada.accountId } });
      expect((await world.call(ada, "sendMessage", send)).code).toBe("member.banned");
      deaf.clock.pass(60_000);
      expect((await deaf.call(ada, "sendMessage", send)).code).toBe("member.banned");
    });

    it("keeps no more contexts than it may", async () => {
      const access = accessOf(2);
      const anonymous = (addressHash: string) => ({ kind: "anonymous" as const, addressHash });
      await world.ok(olga, "updateRoom", { params, body: { guests: "read" } });
      for (const address of ["a", "b", "c"]) await access.load(anonymous(address), "general");
      const known = ["a", "b", "c"].filter((address) => access.cached(anonymous(address), "general") !== undefined);
      expect(known).toEqual(["b", "c"]);
      access.close();
    });
  });
});
