import type { AuditEntry, Message, RoomView } from "@foyer/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/platform/db/database.ts";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";
import { openWire, type Wire } from "../support/wire.ts";

for (const engine of ["sqlite", "postgres"] as const satisfies Engine[]) {
  describe(`chat on ${engine}`, () => {
    let server: TestServer;
    let now = Date.now();
    let owner: Person;
    let ada: Person;
    let bob: Person;
    const wires: Wire[] = [];

    beforeAll(async () => {
      server = await startTestServer({
        engine,
        clock: { now: () => now },
        env: { GUESTS: "write", LIMIT_CONNECTIONS_PER_ACCOUNT: "0" },
      });
      owner = await registerPerson(server.url, "owner");
      ada = await registerPerson(server.url, "ada");
      bob = await registerPerson(server.url, "bob");
    });

    afterAll(async () => {
      for (const wire of wires) await wire.close();
      await server.stop();
    });

    async function wireOf(person?: Person): Promise<Wire> {
      const wire = await openWire(server.url, person === undefined ? {} : { token: person.token });
      wires.push(wire);
      return wire;
    }

    /** Rate limits are full again. */
    function wait(milliseconds = 10_000): void {
      now += milliseconds;
    }

    async function room(settings: object = {}): Promise<string> {
      const answer = await owner.call("createRoom", [], { kind: "public", name: "Stage", ...settings });
      return (answer.body as RoomView).roomId;
    }

    it("answers and echoes a message of somebody who has neither account nor subscription", async () => {
      const guest = await wireOf();
      guest.text('{"action": "sendMessage", "message": "Hello World!", "roomId": "general"}');
      const reply = await guest.find("reply");
      const echo = await guest.find("message");
      expect(reply).toMatchObject({ ok: true, action: "sendMessage", data: { duplicate: false } });
      expect(echo.message).toMatchObject({
        message: "Hello World!",
      });
      expect(echo.message.author.handle).toMatch(/^guest-/);
    });

    it("gives the same message for the same client id, even where a limit would refuse a new one", async () => {
      wait();
      const roomId = await room({ slowModeSeconds: 30 });
      const wire = await wireOf(ada);
      const frame = { roomId, message: "once", clientId: "key-1" };
      const first = await wire.ask("sendMessage", frame);
      const again = await wire.ask("sendMessage", frame);
      expect(again).toEqual({ ...first, duplicate: true });
      const other = await wire.request("sendMessage", { roomId, message: "too soon" });
      expect(other).toMatchObject({ ok: false, error: { code: "message.slow_mode", retryAfter: 30 } });
      const moderator = await wireOf(owner);
      await moderator.ask("sendMessage", { roomId, message: "staff" });
      await moderator.ask("sendMessage", { roomId, message: "need not wait" });
      wait(30_000);
      expect(await wire.ask("sendMessage", { roomId, message: "later" })).toMatchObject({ duplicate: false });
    });

    it("lets an account send ten messages in five seconds, then says when to go on", async () => {
      wait();
      const wire = await wireOf(bob);
      const replies = await Promise.all(
        Array.from({ length: 12 }, (_, n) => wire.request("sendMessage", { roomId: "general", message: `m${n}` })),
      );
      expect(replies.map((reply) => reply.ok)).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
      expect(replies[11]).toMatchObject({ error: { code: "rate.limited", retryAfter: 1 } });
    });

    it("tells all subscribers of edits, reactions, pins and deletions as whole states", async () => {
      wait();
      const roomId = await room();
      const [author, reader] = [await wireOf(ada), await wireOf(bob)];
      await reader.ask("subscribe", { roomId });
      const sent = await author.ask("sendMessage", { roomId, message: "draft for @bob" });
      const { messageId } = sent;
      await author.ask("editMessage", { roomId, messageId, message: "final" });
      await reader.ask("react", { roomId, messageId, emoji: "👍", on: true });
      expect(await owner.call("pinMessage", [roomId, messageId], { on: true })).toMatchObject({ status: 200 });
      const pinned = await reader.find("message", (f) => f.message.pinnedAt !== undefined);
      expect(pinned.message).toMatchObject({
        message: "final",
        offset: sent.offset,
        version: sent.offset + 3,
        mentions: { accounts: [], room: false },
        reactions: [{ emoji: "👍", count: 1, by: [bob.account.accountId] }],
      });
      const strangers = [
        await reader.request("editMessage", { roomId, messageId, message: "not mine" }),
        await reader.request("deleteMessage", { roomId, messageId }),
      ];
      for (const reply of strangers) expect(reply).toMatchObject({ ok: false, error: { code: "message.forbidden" } });

      await (await wireOf(owner)).ask("deleteMessage", { roomId, messageId });
      const gone = await reader.find("message", (f) => f.message.deletedAt !== undefined);
      expect(gone.message).toMatchObject({ message: "", reactions: [], mentions: { accounts: [] } });
      const audit = await owner.call("listAudit", []);
      const entries = (audit.body as { items: AuditEntry[] }).items.filter(
        (entry) => entry.action === "message.deleted",
      );
      expect(entries[0]).toMatchObject({
        actor: { handle: "owner" },
        subject: { kind: "message", id: messageId },
        details: { roomId, authorId: ada.account.accountId },
      });
      const earlier = await owner.call("listRevisions", [roomId, messageId]);
      expect((earlier.body as { items: { message: string }[] }).items.map((each) => each.message)).toEqual([
        "final",
        "draft for @bob",
      ]);
    });

    it("counts unread messages and mentions alike on every device, and lets only staff call the whole room", async () => {
      wait();
      const roomId = await room();
      await bob.call("joinRoom", [roomId]);
      const [phone, desk] = [await wireOf(bob), await wireOf(bob)];
      const start = await phone.ask("subscribe", { roomId });
      const author = await wireOf(ada);
      await author.ask("sendMessage", { roomId, message: "hello @bob" });
      await author.ask("sendMessage", { roomId, message: "hello @room" });
      await (await wireOf(owner)).ask("sendMessage", { roomId, message: "@room listen" });
      const seen = await desk.ask("subscribe", { roomId });
      expect(seen.room).toMatchObject({ unread: 3, mentions: 2, readOffset: start.readOffset });
      const last = seen.messages.at(-1) as Message;
      await phone.ask("markRead", { roomId, offset: last.offset });
      expect(await desk.find("read", (f) => f.roomId === roomId)).toMatchObject({ offset: last.offset, unread: 0 });
      const again = await desk.ask("subscribe", { roomId, since: { epoch: seen.epoch, offset: seen.offset } });
      expect(again).toMatchObject({ recovered: true, messages: [], readOffset: last.offset });
      expect(again.room).toMatchObject({ unread: 0, mentions: 0 });
    });

    it("hides rooms of others, and gives everything since a position or says that it cannot", async () => {
      wait();
      const secret = await owner.call("createRoom", [], { kind: "private", name: "Staff" });
      const { roomId } = secret.body as RoomView;
      const stranger = await wireOf(ada);
      for (const action of ["subscribe", "history", "markRead", "sendMessage"] as const) {
        const reply = await stranger.request(action, { roomId, message: "x", offset: 1 });
        expect(reply).toMatchObject({ ok: false, error: { code: "room.not_found" } });
      }
      const insider = await wireOf(owner);
      const { epoch } = await insider.ask("subscribe", { roomId });
      const first = await insider.ask("sendMessage", { roomId, message: "one" });
      await insider.ask("sendMessage", { roomId, message: "two" });
      const resumed = await insider.ask("subscribe", { roomId, since: { epoch, offset: first.offset } });
      expect(resumed).toMatchObject({ recovered: true, messages: [{ message: "two" }] });
      const other = await insider.ask("subscribe", { roomId, since: { epoch: "another", offset: 1 } });
      expect(other).toMatchObject({ recovered: false, messages: [{ message: "one" }, { message: "two" }] });
    });

    it("ends sockets of a revoked session, and tells typing and presence to the others", async () => {
      wait();
      const roomId = await room();
      const eve = await registerPerson(server.url, `eve-${engine}`);
      const [hers, watcher] = [await wireOf(eve), await wireOf(bob)];
      await watcher.ask("subscribe", { roomId });
      await hers.ask("subscribe", { roomId });
      wait(1500);
      await watcher.find(
        "presence",
        (f) => f.roomId === roomId && f.joined?.some((p) => p.handle === eve.account.handle) === true,
      );
      hers.text(JSON.stringify({ action: "typing", roomId }));
      expect((await watcher.find("typing")).account.handle).toBe(eve.account.handle);
      expect((await callEndpoint(server.url, "logout", { token: eve.token })).status).toBe(204);
      expect(await hers.closed).toMatchObject({ code: 4101 });
    });

    it("refuses to write for those who may only read, and for those who are timed out", async () => {
      wait();
      const roomId = await room({ guests: "read" });
      const guest = await wireOf();
      expect(await guest.ask("subscribe", { roomId })).toMatchObject({ room: { rights: { write: false } } });
      const refused = await guest.request("sendMessage", { roomId, message: "x" });
      expect(refused).toMatchObject({ ok: false, error: { code: "auth.required" } });
      await owner.call("muteMember", [roomId], { accountId: bob.account.accountId, seconds: 60 });
      const muted = await (await wireOf(bob)).request("sendMessage", { roomId, message: "x" });
      expect(muted).toMatchObject({ ok: false, error: { code: "member.timed_out", retryAfter: 60 } });
    });
  });
}
