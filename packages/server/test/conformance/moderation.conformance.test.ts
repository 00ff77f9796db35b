import { beforeEach, describe, expect, it } from "vitest";
import { type ChatWorld, createChatWorld, type Someone } from "../support/chat.world.ts";
import { eachEngine } from "../support/engines.ts";

eachEngine((_engine, open) => {
  describe("moderation", () => {
    let world: ChatWorld;
    let olga: Someone;
    let mo: Someone;
    let ada: Someone;
    let bob: Someone;
    const params = { roomId: "general" };

    beforeEach(async () => {
      world = await createChatWorld(await open());
      olga = world.person("Olga", "owner");
      mo = world.person("Mo", "moderator");
      ada = world.person("Ada");
      bob = world.person("Bob");
    });

    const say = async (who: Someone | null, address?: string) => {
      const input = { params, body: { message: "hello" }, ...(address === undefined ? {} : { address }) };
      return (await world.call(who, "sendMessage", input)).code ?? "sent";
    };
    const read = async (who: Someone | null, address?: string) =>
      (await world.call(who, "listMessages", { params, ...(address === undefined ? {} : { address }) })).code ?? "read";

    it("mutes until it is lifted, and times out for a time", async () => {
      expect(await say(ada)).toBe("sent");
      await world.ok(mo, "muteMember", { params, body: { accountId: ada.accountId } });
      expect(await say(ada)).toBe("member.muted");
      const muted = await world.ok(ada, "getRoom", { params });
      expect(muted).toMatchObject({ mutedUntil: null, rights: { write: false } });
      expect(world.sent).toContainEqual({
        to: "account",
        id: ada.accountId,
        frame: { type: "room", roomId: "general", change: "rights" },
      });

      await world.ok(mo, "muteMember", { params, body: { accountId: ada.accountId, seconds: 30 } });
      expect(await say(ada)).toBe("member.timed_out");
      const { mutedUntil } = await world.ok(ada, "getRoom", { params });
      expect(Date.parse(mutedUntil ?? "") - world.clock.now()).toBeGreaterThan(25_000);
      const seen = await world.ok(mo, "listMembers", { params });
      expect(seen.members.find((member) => member.handle === "ada")?.mutedUntil).toBe(mutedUntil);
      expect((await world.ok(bob, "listMembers", { params })).members[0]).not.toHaveProperty("mutedUntil");
      world.clock.pass(29_000);
      expect(await say(ada)).toBe("member.timed_out");
      world.clock.pass(1500);
      expect(await say(ada)).toBe("sent");
      expect(await world.ok(ada, "getRoom", { params })).not.toHaveProperty("mutedUntil");

      await world.ok(mo, "muteMember", { params, body: { accountId: ada.accountId } });
      await world.ok(mo, "unmuteMember", { params: { ...params, accountId: ada.accountId } });
      await world.ok(mo, "unmuteMember", { params: { ...params, accountId: ada.accountId } });
      expect(await say(ada)).toBe("sent");
      expect(await world.audited()).toEqual(["member.unmuted", "member.muted", "member.timed_out", "member.muted"]);
    });

    it("acts on nobody of the same or a higher rank, and only for moderators", async () => {
      const admin = world.person("Alf", "admin");
      const other = world.person("Mia", "moderator");
      const gus = world.person("Gus", "guest");
      const everybody = [olga, admin, mo, other, ada, bob, gus];
      const may = new Map<Someone, Someone[]>([
        [olga, [admin, mo, other, ada, bob, gus]],
        [admin, [mo, other, ada, bob, gus]],
        [mo, [ada, bob, gus]],
        [ada, []],
      ]);
      for (const [actor, targets] of may) {
        for (const target of everybody) {
          const body = { accountId: target.accountId };
          const allowed = targets.includes(target);
          const muted = await world.call(actor, "muteMember", { params, body });
          expect(muted.code, `${actor.profile.handle} mutes ${target.profile.handle}`).toBe(
            allowed ? undefined : "room.forbidden",
          );
          const banned = await world.call(actor, "banFromServer", { body });
          expect(banned.status, `${actor.profile.handle} bans ${target.profile.handle}`).toBe(allowed ? 201 : 403);
          if (banned.status === 201) await world.ok(actor, "liftServerBan", { params: { banId: banned.body.banId } });
        }
      }
      const unknown = { accountId: "0192aaaa-0000-7000-8000-00000000ffff" };
      expect((await world.call(mo, "muteMember", { params, body: unknown })).code).toBe("account.not_found");
      expect((await world.call(mo, "banFromServer", { body: unknown })).code).toBe("account.not_found");
    });

    it("bans from a room, tells it, and lets in again after lifting", async () => {
      await world.ok(ada, "joinRoom", { params });
      const ban = await world.ok(mo, "banMember", { params, body: { accountId: ada.accountId, reason: "spam" } });
      expect(ban).toMatchObject({ roomId: "general", address: false, reason: "spam", by: { handle: "mo" } });
      for (const result of [await say(ada), await read(ada)]) expect(result).toBe("member.banned");
      expect((await world.call(ada, "joinRoom", { params })).code).toBe("member.banned");
      expect((await world.ok(ada, "listRooms")).items).toEqual([]);
      expect((await world.ok(bob, "listMembers", { params })).members).toEqual([]);
      expect(world.sent).toContainEqual({ to: "evict", roomId: "general", accountId: ada.accountId });
      const again = await world.ok(mo, "banMember", { params, body: { accountId: ada.accountId } });
      expect((await world.ok(mo, "listBans", { params })).items.map((item) => item.banId)).toEqual([again.banId]);
      expect((await world.call(ada, "listBans", { params })).code).toBe("member.banned");
      expect((await world.call(bob, "listBans", { params })).code).toBe("room.forbidden");
      await world.ok(mo, "liftBan", { params: { ...params, banId: again.banId } });
      expect((await world.call(mo, "liftBan", { params: { ...params, banId: again.banId } })).code).toBe(
        "ban.not_found",
      );
      expect(await say(ada)).toBe("sent");

      const { banId } = await world.ok(mo, "banMember", { params, body: { accountId: ada.accountId, seconds: 60 } });
      const refused = await world.call(ada, "listMessages", { params });
      expect(refused.body).toHaveProperty("code", "member.banned");
      expect(refused.body).toHaveProperty("retryAfter", 60);
      world.clock.pass(61_000);
      expect(await read(ada)).toBe("read");
      expect((await world.call(mo, "liftBan", { params: { ...params, banId } })).code).toBe("ban.not_found");
    });

    it("bans addresses, but not the staff behind them", async () => {
      await world.ok(olga, "updateRoom", { params, body: { guests: "write" } });
      ada.addresses = ["cafe", "home of Ada"];
      const ban = await world.ok(mo, "banMember", { params, body: { accountId: ada.accountId, address: true } });
      expect(ban.address).toBe(true);
      expect(await read(ada, "elsewhere")).toBe("member.banned");
      expect(await read(bob, "cafe")).toBe("member.banned");
      expect(await read(null, "cafe")).toBe("member.banned");
      expect(await say(null, "cafe")).toBe("member.banned");
      expect(await read(mo, "cafe")).toBe("read");
      expect(await read(bob)).toBe("read");
      expect(await read(null, "elsewhere")).toBe("read");
      expect(world.sent).toContainEqual({ to: "evict", roomId: "general", addressHash: "cafe" });
      expect((await world.ok(mo, "listBans", { params })).items).toHaveLength(1);
      await world.ok(mo, "liftBan", { params: { ...params, banId: ban.banId } });
      expect(await read(bob, "cafe")).toBe("read");
      expect(await read(ada)).toBe("read");
    });

    it("bans from the whole server and closes the connections", async () => {
      const { roomId } = await world.ok(ada, "createRoom", { body: { kind: "private", name: "Den" } });
      const body = { accountId: ada.accountId, address: true };
      const { banId } = await world.ok(mo, "banFromServer", { body });
      expect(world.sent).toContainEqual({ to: "disconnect", accountId: ada.accountId, code: 4102 });
      expect(world.sent).toContainEqual({ to: "disconnect", addressHash: "home of Ada", code: 4102 });
      const codes = [
        await world.call(ada, "listRooms"),
        await world.call(ada, "getRoom", { params }),
        await world.call(ada, "getRoom", { params: { roomId } }),
        await world.call(ada, "createRoom", { body: { kind: "private", name: "Other" } }),
        await world.call(ada, "search", { query: { q: "hello" } }),
        await world.call(bob, "listRooms", { address: "home of Ada" }),
      ].map((reply) => reply.code);
      expect(new Set(codes)).toEqual(new Set(["member.banned"]));
      expect((await world.ok(olga, "listServerBans")).items).toMatchObject([{ banId, roomId: null, address: true }]);
      expect((await world.call(ada, "listServerBans")).status).toBe(403);
      expect((await world.call(mo, "liftBan", { params: { ...params, banId } })).code).toBe("ban.not_found");
      await world.ok(mo, "liftServerBan", { params: { banId } });
      await world.ok(ada, "listRooms");
      await world.ok(bob, "listRooms", { address: "home of Ada" });
      expect(await world.audited()).toEqual(["account.unbanned", "account.banned", "room.created"]);
    });

    it("keeps what was reported, once for each person, and is closed by one", async () => {
      const { messageId } = await world.ok(ada, "sendMessage", { params, body: { message: "very rude" } });
      const report = { params: { ...params, messageId }, body: { reason: "rude" } };
      await Promise.all([bob, bob, bob, mo].map((who) => world.ok(who, "reportMessage", report)));
      await world.ok(ada, "deleteMessage", { params: { ...params, messageId } });
      expect((await world.call(olga, "reportMessage", report)).code).toBe("message.deleted");
      expect((await world.call(bob, "listReports")).status).toBe(403);
      const first = await world.ok(mo, "listReports", { query: { limit: 1 } });
      const second = await world.ok(mo, "listReports", { query: { limit: 1, cursor: first.next ?? "" } });
      expect(second.next).toBeUndefined();
      const reports = [...first.items, ...second.items];
      expect(reports.map((item) => item.reporter.handle).toSorted()).toEqual(["bob", "mo"]);
      expect(reports[0]).toMatchObject({
        excerpt: "very rude",
        reason: "rude",
        roomName: "General",
        author: { handle: "ada" },
      });
      const close = { params: { reportId: reports[0]?.reportId ?? "" }, body: { outcome: "acted" } };
      const closed = await Promise.all([mo, olga, mo].map((who) => world.call(who, "closeReport", close)));
      expect(closed.map((reply) => reply.code ?? "closed").toSorted()).toEqual([
        "closed",
        "report.already_closed",
        "report.already_closed",
      ]);
      expect((await world.ok(mo, "listReports")).items).toHaveLength(1);
      const done = await world.ok(mo, "listReports", { query: { state: "closed" } });
      expect(done.items).toMatchObject([{ outcome: "acted", closedBy: {} }]);
      const unknown = { params: { reportId: "0192aaaa-0000-7000-8000-00000000ffff" }, body: { outcome: "acted" } };
      expect((await world.call(mo, "closeReport", unknown)).code).toBe("report.not_found");
      const stranger = { params: { roomId: "general", messageId: unknown.params.reportId }, body: { reason: "" } };
      expect((await world.call(bob, "reportMessage", stranger)).code).toBe("message.not_found");
    });

    it("filters words for all but moderators, on sending and on editing, until the filter goes", async () => {
      const bad = { params, body: { message: "you are a MORON!" } };
      const { messageId } = await world.ok(ada, "sendMessage", { params, body: { message: "fine" } });
      const literal = await world.ok(mo, "createWordFilter", { body: { kind: "literal", expression: "moron" } });
      expect((await world.call(ada, "sendMessage", bad)).code).toBe("message.filtered");
      const edit = { params: { ...params, messageId }, body: bad.body };
      expect((await world.call(ada, "editMessage", edit)).code).toBe("message.filtered");
      await world.ok(mo, "sendMessage", bad);
      await world.ok(mo, "createWordFilter", { body: { kind: "pattern", expression: "b+u+y+ now" } });
      const spam = { params, body: { message: "BUUUY now, friends" } };
      expect((await world.call(ada, "sendMessage", spam)).code).toBe("message.filtered");
      for (const expression of ["(", "a(?=b)", "x*", "(a{1000}){1000}", "\\1"]) {
        const body = { kind: "pattern", expression };
        expect((await world.call(mo, "createWordFilter", { body })).code, expression).toBe("filter.invalid_pattern");
      }
      const other = await world.deafNode();
      expect((await other.call(ada, "sendMessage", bad)).code).toBe("message.filtered");
      const remove = { params: { filterId: literal.filterId } };
      await world.ok(mo, "deleteWordFilter", remove);
      expect((await world.call(mo, "deleteWordFilter", remove)).code).toBe("filter.not_found");
      await world.ok(ada, "sendMessage", bad);
      expect((await world.ok(mo, "listWordFilters")).items).toMatchObject([{ kind: "pattern" }]);
      expect((await world.call(ada, "listWordFilters")).status).toBe(403);
      expect(await world.audited()).toEqual(["filter.deleted", "filter.created", "filter.created"]);
    });

    it("shows earlier texts to moderators alone", async () => {
      const { messageId } = await world.ok(ada, "sendMessage", { params, body: { message: "first" } });
      const at = { params: { ...params, messageId } };
      await world.ok(ada, "editMessage", { ...at, body: { message: "second" } });
      expect((await world.ok(mo, "listRevisions", at)).items).toMatchObject([{ message: "first" }]);
      expect((await world.call(ada, "listRevisions", at)).code).toBe("message.forbidden");
    });

    it("follows a change of role at once", async () => {
      await world.ok(ada, "getRoom", { params });
      const body = { accountId: bob.accountId };
      expect((await world.call(ada, "muteMember", { params, body })).code).toBe("room.forbidden");
      world.changeRole(ada, "moderator");
      await world.ok(ada, "muteMember", { params, body });
      world.changeRole(ada, "member");
      expect((await world.call(ada, "muteMember", { params, body })).code).toBe("room.forbidden");
    });
  });
});
