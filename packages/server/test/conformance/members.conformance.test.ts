import { beforeEach, describe, expect, it } from "vitest";
import { createSqlMembersStore } from "../../src/modules/chat/rooms/members.store.sql.ts";
import { createSqlRoomsStore } from "../../src/modules/chat/rooms/rooms.store.sql.ts";
import { type ChatWorld, createChatWorld, type Someone } from "../support/chat.world.ts";
import { eachEngine } from "../support/engines.ts";

eachEngine((_engine, open) => {
  describe("members", () => {
    let world: ChatWorld;
    let olga: Someone;
    let mo: Someone;
    let ada: Someone;
    let bob: Someone;

    beforeEach(async () => {
      world = await createChatWorld(await open());
      olga = world.person("Olga", "owner");
      mo = world.person("Mo", "moderator");
      ada = world.person("Ada");
      bob = world.person("Bob");
    });

    const general = { roomId: "general" };
    async function den(...people: Someone[]): Promise<{ roomId: string }> {
      const { roomId } = await world.ok(ada, "createRoom", { body: { kind: "private", name: "Den" } });
      const invite = await world.ok(ada, "createInvite", { params: { roomId }, body: {} });
      for (const person of people) await world.ok(person, "acceptInvite", { params: { token: invite.token ?? "" } });
      return { roomId };
    }
    const membersOf = async (who: Someone, params: { roomId: string }) =>
      (await world.ok(who, "listMembers", { params })).members;

    it("joins once, however often it is asked at once, and tells the room once", async () => {
      await Promise.all([1, 2, 3, 4].map(() => world.ok(ada, "joinRoom", { params: general })));
      expect(await membersOf(ada, general)).toMatchObject([
        { accountId: ada.accountId, roomRole: "member", role: "member" },
      ]);
      const joined = world.sent.filter(
        (sent) => sent.to === "room" && sent.frame.type === "room" && sent.frame.change === "joined",
      );
      expect(joined).toHaveLength(1);
      expect(joined[0]).toMatchObject({ frame: { room: { memberCount: 1 }, account: { handle: "ada" } } });
    });

    it("joins whoever writes in a public room", async () => {
      await world.ok(ada, "sendMessage", { params: general, body: { message: "hello" } });
      expect(await membersOf(bob, general)).toMatchObject([{ handle: "ada" }]);
    });

    it("leaves, and forgets the rights with it", async () => {
      await world.ok(ada, "joinRoom", { params: general });
      await world.ok(ada, "leaveRoom", { params: general });
      expect((await world.ok(ada, "getRoom", { params: general })).joined).toBe(false);
      const room = await den(bob);
      await world.ok(bob, "listMessages", { params: room });
      await world.ok(bob, "leaveRoom", { params: room });
      expect((await world.call(bob, "listMessages", { params: room })).code).toBe("room.not_found");
      expect(world.sent).toContainEqual({ to: "evict", roomId: room.roomId, accountId: bob.accountId });
    });

    it("gives a private room that loses its owner to whoever has been there longest", async () => {
      const cyd = world.person("Cyd");
      const room = await den(bob, cyd);
      await world.ok(ada, "leaveRoom", { params: room });
      expect(await membersOf(bob, room)).toMatchObject([
        { handle: "bob", roomRole: "owner" },
        { handle: "cyd", roomRole: "member" },
      ]);
      expect((await world.ok(bob, "getRoom", { params: room })).rights.manage).toBe(true);
    });

    it("never leaves a private room empty or without an owner, even when all go at once", async () => {
      const people = [bob, world.person("Cyd"), world.person("Dan")];
      const room = await den(...people);
      const replies = await Promise.all([ada, ...people].map((who) => world.call(who, "leaveRoom", { params: room })));
      expect(replies.map((reply) => reply.code ?? "left").toSorted()).toEqual([
        "left",
        "left",
        "left",
        "room.forbidden",
      ]);
      const [stays] = await createSqlMembersStore(world.database).list(room.roomId);
      expect(stays?.room_role).toBe("owner");
    });

    it("puts members out by rank", async () => {
      for (const person of [olga, mo, ada, bob]) await world.ok(person, "joinRoom", { params: general });
      const remove = async (by: Someone, whom: Someone, params: { roomId: string } = general) =>
        (await world.call(by, "removeMember", { params: { ...params, accountId: whom.accountId } })).code ?? "removed";
      expect(await remove(ada, bob)).toBe("room.forbidden");
      expect(await remove(mo, olga)).toBe("room.forbidden");
      expect(await remove(mo, mo)).toBe("room.forbidden");
      expect(await remove(mo, ada)).toBe("removed");
      expect(await remove(mo, ada)).toBe("member.not_found");
      expect(await remove(olga, mo)).toBe("removed");
      expect(world.sent).toContainEqual({
        to: "account",
        id: ada.accountId,
        frame: { type: "room", roomId: "general", change: "removed" },
      });
      expect(await world.audited()).toEqual(["member.removed", "member.removed"]);

      const room = await den(bob, mo);
      expect(await remove(bob, ada, room)).toBe("room.forbidden");
      expect(await remove(ada, mo, room)).toBe("room.forbidden");
      expect(await remove(ada, bob, room)).toBe("removed");
      expect(await remove(mo, ada, room)).toBe("removed");
      expect(await membersOf(mo, room)).toMatchObject([{ handle: "mo", roomRole: "owner" }]);
    });

    it("lists members by name in pages without gaps, and finds them by the beginning of a name", async () => {
      const names = ["zoe", "Anna", "Émile", "bert", "Anna Bell", "Čeněk", "anna"];
      const people = names.map((name, index) => {
        const person = world.person(`p${index}`);
        person.profile.displayName = name;
        return person;
      });
      for (const person of people) await world.ok(person, "joinRoom", { params: general });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
        const page = await world.ok(ada, "listMembers", { params: general, query });
        expect(page.members.length).toBeLessThanOrEqual(2);
        seen.push(...page.members.map((member) => member.displayName));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seen.slice(0, 4)).toEqual(["Anna", "anna", "Anna Bell", "bert"]);
      expect(seen.toSorted()).toEqual(names.toSorted());
      const find = async (q: string) =>
        (await world.ok(ada, "listMembers", { params: general, query: { q } })).members.map((m) => m.displayName);
      expect(await find("ANNA")).toEqual(["Anna", "anna", "Anna Bell"]);
      expect(await find("bel")).toEqual(["Anna Bell"]);
      expect(await find("p0")).toEqual(["zoe"]);
      const foreign = { params: general, query: { cursor: "0192aaaa-0000-7000-8000-00000000ffff" } };
      expect((await world.call(ada, "listMembers", foreign)).code).toBe("request.invalid");
    });

    it("leaves no member behind in a room that is deleted at the same moment", async () => {
      const rooms = createSqlRoomsStore(world.database);
      const members = createSqlMembersStore(world.database);
      for (let round = 0; round < 5; round += 1) {
        const { roomId } = await world.ok(mo, "createRoom", { body: { kind: "public", name: "Brief" } });
        const people = Array.from({ length: 8 }, (_, index) => world.person(`r${round}n${index}`).accountId);
        await Promise.all([
          ...people.slice(0, 4).map((accountId) => members.add(roomId, accountId, 1)),
          rooms.remove(roomId),
          ...people.slice(4).map((accountId) => members.add(roomId, accountId, 1)),
        ]);
        expect(await members.list(roomId)).toEqual([]);
      }
    });
  });
});
