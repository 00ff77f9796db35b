import { beforeEach, describe, expect, it } from "vitest";
import type { ChatTables } from "../../src/modules/chat/chat.tables.ts";
import { type ChatWorld, createChatWorld, type Someone } from "../support/chat.world.ts";
import { eachEngine } from "../support/engines.ts";

eachEngine((_engine, open) => {
  describe("rooms", () => {
    let world: ChatWorld;
    let olga: Someone;
    let mo: Someone;
    let ada: Someone;
    let bob: Someone;
    let gus: Someone;

    beforeEach(async () => {
      world = await createChatWorld(await open());
      olga = world.person("Olga", "owner");
      mo = world.person("Mo", "moderator");
      ada = world.person("Ada");
      bob = world.person("Bob");
      gus = world.person("Gus", "guest");
    });

    const makePublic = (name: string, guests = "none") =>
      world.ok(mo, "createRoom", { body: { kind: "public", name, guests } });
    const makePrivate = (by: Someone, name = "Den") => world.ok(by, "createRoom", { body: { kind: "private", name } });
    const rowsOf = async (table: "members" | "messages" | "invites" | "sanctions" | "mentions" | "reactions") =>
      world.database.tables<ChatTables>().selectFrom(table).selectAll().execute();

    it("shows everybody the rooms that they may read, their own first, and nobody else's", async () => {
      const open = await makePublic("Open", "read");
      const staff = await makePublic("Lounge");
      const den = await makePrivate(ada);
      const direct = await world.ok(ada, "createRoom", { body: { kind: "direct", accountIds: [bob.accountId] } });
      const names = async (who: Someone | null) =>
        (await world.ok(who, "listRooms")).items.map((room) => room.name || room.kind);

      expect(await names(null)).toEqual(["Open"]);
      expect(await names(gus)).toEqual(["Open"]);
      expect(await names(bob)).toEqual(["direct", "General", "Lounge", "Open"]);
      expect((await names(ada)).toSorted()).toEqual(["Den", "General", "Lounge", "Open", "direct"]);
      expect((await names(ada)).slice(0, 2).toSorted()).toEqual(["Den", "direct"]);

      for (const room of [den, direct, { roomId: "no-such-room" }]) {
        const params = { roomId: room.roomId };
        for (const stranger of [null, gus, mo, olga]) {
          expect(await world.call(stranger, "getRoom", { params })).toMatchObject({
            status: 404,
            code: "room.not_found",
          });
        }
      }
      expect((await world.call(null, "getRoom", { params: { roomId: staff.roomId } })).code).toBe("auth.required");
      expect((await world.call(gus, "getRoom", { params: { roomId: staff.roomId } })).code).toBe(
        "room.guests_not_allowed",
      );
      expect((await world.call(null, "getRoom", { params: { roomId: open.roomId } })).status).toBe(200);
    });

    it("tells each caller what they may do, and where the stream is", async () => {
      const den = await makePrivate(ada);
      expect(den).toMatchObject({
        kind: "private",
        joined: true,
        offset: 0,
        readOffset: 0,
        unread: 0,
        memberCount: 1,
        rights: { write: true, moderate: true, manage: true, mentionRoom: true },
      });
      const { roomId } = await makePublic("Open", "read");
      await world.ok(mo, "sendMessage", { params: { roomId }, body: { message: "one" } });
      await world.ok(ada, "joinRoom", { params: { roomId } });
      await world.ok(mo, "sendMessage", { params: { roomId }, body: { message: "two" } });
      const seen = await world.ok(ada, "getRoom", { params: { roomId } });
      expect(seen).toMatchObject({ offset: 2, readOffset: 1, unread: 1, memberCount: 2, joined: true });
      expect(seen.lastMessageAt).toBeDefined();
      expect(seen.rights).toEqual({ write: true, moderate: false, manage: false, mentionRoom: false });
      const asGuest = await world.ok(gus, "getRoom", { params: { roomId } });
      expect(asGuest.rights).toEqual({ write: false, moderate: false, manage: false, mentionRoom: false });
      expect(asGuest.joined).toBe(false);
    });

    it("lets moderators make public rooms and members all others", async () => {
      const make = async (who: Someone, body: object) => (await world.call(who, "createRoom", { body })).code ?? "made";
      expect(await make(ada, { kind: "public", name: "Mine" })).toBe("room.forbidden");
      expect(await make(gus, { kind: "private", name: "Mine" })).toBe("room.forbidden");
      expect(await make(gus, { kind: "direct", accountIds: [ada.accountId] })).toBe("room.forbidden");
      expect(await make(ada, { kind: "direct", accountIds: [gus.accountId] })).toBe("room.guests_not_allowed");
      expect(await make(ada, { kind: "direct", accountIds: [ada.accountId] })).toBe("request.invalid");
      const unknown = "0192aaaa-0000-7000-8000-00000000ffff";
      expect(await make(ada, { kind: "direct", accountIds: [unknown] })).toBe("account.not_found");
      expect(await make(ada, { kind: "private", name: "Mine" })).toBe("made");
      expect(await make(mo, { kind: "public", name: "Ours" })).toBe("made");
    });

    it("makes one direct room for the same people, however often and from whichever side at once", async () => {
      const cyd = world.person("Cyd");
      const calls = Array.from({ length: 12 }, (_, index) => {
        const [who, others] = index % 2 === 0 ? [ada, [bob, cyd]] : [bob, [cyd, ada]];
        return world.ok(who, "createRoom", {
          body: { kind: "direct", accountIds: others.map((other) => other.accountId) },
        });
      });
      const rooms = await Promise.all(calls);
      expect(new Set(rooms.map((room) => room.roomId)).size).toBe(1);
      expect(rooms[0]?.people.map((person) => person.displayName).toSorted()).toEqual(["Ada", "Bob", "Cyd"]);
      expect(await rowsOf("members")).toHaveLength(3);
      const told = world.sent.filter((sent) => sent.to === "account" && sent.frame.type === "room");
      expect(told.map((sent) => ("id" in sent ? sent.id : "")).toSorted()).toEqual(
        [ada, bob, cyd].map((person) => person.accountId).toSorted(),
      );
      const pair = await world.ok(ada, "createRoom", { body: { kind: "direct", accountIds: [bob.accountId] } });
      expect(pair.roomId).not.toBe(rooms[0]?.roomId);
    });

    it("keeps direct rooms as they are", async () => {
      const body = { kind: "direct", accountIds: [bob.accountId] };
      const params = { roomId: (await world.ok(ada, "createRoom", { body })).roomId };
      const codes = [
        await world.call(ada, "updateRoom", { params, body: { topic: "x" } }),
        await world.call(ada, "deleteRoom", { params }),
        await world.call(ada, "leaveRoom", { params }),
        await world.call(ada, "removeMember", { params: { ...params, accountId: bob.accountId } }),
        await world.call(ada, "createInvite", { params, body: {} }),
      ].map((reply) => reply.code);
      expect(new Set(codes)).toEqual(new Set(["room.direct_immutable"]));
      expect((await world.ok(ada, "getRoom", { params })).rights).toEqual({
        write: true,
        moderate: false,
        manage: false,
        mentionRoom: false,
      });
    });

    it("has one general room from the first start, also when many nodes start at once", async () => {
      const nodes = await Promise.all(Array.from({ length: 6 }, () => world.deafNode()));
      const [general] = (await world.ok(ada, "listRooms")).items.filter((room) => room.roomId === "general");
      const seen = await nodes[3]?.ok(ada, "getRoom", { params: { roomId: "general" } });
      expect(seen?.epoch).toBe(general?.epoch);
      await world.ok(olga, "updateRoom", { params: { roomId: "general" }, body: { guests: "write" } });
      const later = await world.deafNode();
      expect((await later.ok(null, "getRoom", { params: { roomId: "general" } })).guests).toBe("write");
      expect((await world.call(olga, "deleteRoom", { params: { roomId: "general" } })).code).toBe("room.forbidden");
    });

    it("joins new accounts to general once, and guests not at all", async () => {
      await Promise.all([1, 2, 3].map(() => world.chat.welcome(ada.accountId)));
      await world.chat.welcome(gus.accountId);
      expect((await rowsOf("members")).map((row) => row.account_id)).toEqual([ada.accountId]);
      expect(world.sent.filter((sent) => sent.to === "account")).toHaveLength(1);
    });

    it("changes settings for those who manage the room, without losing what others change meanwhile", async () => {
      const { roomId } = await makePublic("Open");
      const params = { roomId };
      for (const who of [ada, mo]) {
        expect((await world.call(who, "updateRoom", { params, body: { topic: "mine" } })).code).toBe("room.forbidden");
      }
      await Promise.all([
        world.ok(olga, "updateRoom", { params, body: { topic: "Tea" } }),
        world.ok(olga, "updateRoom", { params, body: { slowModeSeconds: 30 } }),
        world.ok(olga, "updateRoom", { params, body: { guests: "read" } }),
        world.ok(olga, "updateRoom", { params, body: { name: "Kitchen" } }),
      ]);
      const room = await world.ok(ada, "getRoom", { params });
      expect(room).toMatchObject({ name: "Kitchen", topic: "Tea", slowModeSeconds: 30, guests: "read" });
      const told = world.sent.filter((sent) => sent.to === "room" && sent.id === roomId);
      expect(
        told.filter((sent) => "frame" in sent && "change" in sent.frame && sent.frame.change === "settings"),
      ).toHaveLength(4);
      const den = await makePrivate(ada);
      const closed = { params: { roomId: den.roomId }, body: { guests: "read" } };
      expect((await world.call(ada, "updateRoom", closed)).code).toBe("room.guests_not_allowed");
    });

    it("puts guests out when a room closes to them", async () => {
      const { roomId } = await makePublic("Open", "write");
      await world.ok(null, "sendMessage", { params: { roomId }, body: { message: "hello" } });
      await world.ok(olga, "updateRoom", { params: { roomId }, body: { guests: "none" } });
      expect(world.sent).toContainEqual({ to: "evict", roomId, guests: true });
      expect((await world.call(gus, "listMessages", { params: { roomId } })).code).toBe("room.guests_not_allowed");
      const send = { params: { roomId }, body: { message: "again" } };
      expect((await world.call(null, "sendMessage", send)).code).toBe("auth.required");
    });

    it("lets nobody write in an archived room, and everybody again later", async () => {
      const { roomId } = await makePublic("Open");
      const send = { params: { roomId }, body: { message: "hello" } };
      await world.ok(ada, "sendMessage", send);
      await world.ok(olga, "updateRoom", { params: { roomId }, body: { archived: true } });
      expect((await world.call(ada, "sendMessage", send)).code).toBe("room.archived");
      expect((await world.call(olga, "sendMessage", send)).code).toBe("room.archived");
      expect((await world.call(bob, "joinRoom", { params: { roomId } })).code).toBe("room.archived");
      expect((await world.ok(ada, "getRoom", { params: { roomId } })).archivedAt).toBeDefined();
      await world.ok(olga, "updateRoom", { params: { roomId }, body: { archived: false } });
      await world.ok(ada, "sendMessage", send);
    });

    it("deletes a room with everything in it but the reports about it", async () => {
      const { roomId } = await makePublic("Open");
      const params = { roomId };
      const sent = await world.ok(ada, "sendMessage", { params, body: { message: "hello @bob" } });
      await world.ok(ada, "editMessage", {
        params: { ...params, messageId: sent.messageId },
        body: { message: "hi @bob" },
      });
      await world.ok(bob, "reportMessage", {
        params: { ...params, messageId: sent.messageId },
        body: { reason: "rude" },
      });
      await world.ok(mo, "createInvite", { params, body: {} });
      await world.ok(mo, "muteMember", { params, body: { accountId: ada.accountId } });
      expect(await rowsOf("mentions")).toHaveLength(1);
      expect((await world.call(mo, "deleteRoom", { params })).code).toBe("room.forbidden");
      await world.ok(olga, "deleteRoom", { params });
      for (const table of ["members", "messages", "invites", "sanctions", "mentions", "reactions"] as const) {
        expect(await rowsOf(table), table).toEqual([]);
      }
      expect((await world.ok(mo, "listReports")).items).toMatchObject([{ excerpt: "hi @bob", roomName: "" }]);
      expect((await world.call(ada, "sendMessage", { params, body: { message: "x" } })).code).toBe("room.not_found");
      expect((await world.call(olga, "deleteRoom", { params })).code).toBe("room.not_found");
      expect(world.sent.at(-1)).toEqual({ to: "evict", roomId });
      expect(await world.audited()).toContain("room.deleted");
    });
  });
});
