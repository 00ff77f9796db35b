import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ChatTables } from "../../src/modules/chat/chat.tables.ts";
import { SqlMessagesStore } from "../../src/modules/chat/messages/messages.store.sql.ts";
import type { MessageRow, StreamCommand, StreamResult } from "../../src/modules/chat/messages/messages.store.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { eachEngine } from "../support/engines.ts";

const none = { accounts: [], room: false };

eachEngine((_engine, open) => {
  describe("MessagesStore", () => {
    let database: Database;
    let store: SqlMessagesStore;
    let at = 1_000;

    beforeEach(async () => {
      database = await open();
      store = new SqlMessagesStore(database);
      for (const id of ["hall", "stage"]) await addRoom(id);
    });

    async function addRoom(id: string): Promise<void> {
      await database
        .tables<ChatTables>()
        .insertInto("rooms")
        .values({
          id,
          kind: "public",
          name: id,
          topic: "",
          slow_mode_seconds: 0,
          guests: "none",
          archived_at: null,
          created_at: 1,
          created_by: null,
          epoch: "one",
          head_offset: 0,
          last_message_at: null,
          direct_key: null,
        })
        .execute();
    }

    async function addMember(roomId: string, accountId: string): Promise<void> {
      await database
        .tables<ChatTables>()
        .insertInto("members")
        .values({ room_id: roomId, account_id: accountId, room_role: "member", joined_at: 1, read_offset: 0 })
        .execute();
    }

    function send(roomId: string, body: string, more: Partial<Extract<StreamCommand, { kind: "send" }>> = {}) {
      return {
        kind: "send",
        roomId,
        messageId: randomUUID(),
        authorId: "ada",
        body,
        clientId: null,
        replyTo: null,
        mentions: none,
        at: (at += 1),
        ...more,
      } as const satisfies StreamCommand;
    }

    const react = (row: MessageRow, accountId: string, emoji: string, on = true) =>
      ({ kind: "react", roomId: row.room_id, messageId: row.id, accountId, emoji, on, at: (at += 1) }) as const;

    function rowOf(result: StreamResult | undefined): MessageRow {
      if (result === undefined || result.outcome === "refused") throw new Error(`refused: ${result?.code}`);
      return result.row;
    }

    it("gives each room its own offsets without holes, in the order of the batch", async () => {
      const results = await store.append([send("hall", "a"), send("stage", "b"), send("hall", "c")]);
      expect(results.map((result) => [rowOf(result).room_id, rowOf(result).offset])).toEqual([
        ["hall", 1],
        ["stage", 1],
        ["hall", 2],
      ]);
      expect(await store.head("hall")).toEqual({ epoch: "one", offset: 2 });
    });

    it("gives a repeated client id the row that exists, within a batch and later, and takes no offset", async () => {
      const first = send("hall", "a", { clientId: "k1" });
      const again = { ...first, messageId: randomUUID() };
      const [one, two, three] = await store.append([first, again, send("hall", "b", { clientId: "k2" })]);
      expect([one?.outcome, two?.outcome, three?.outcome]).toEqual(["changed", "unchanged", "changed"]);
      expect(rowOf(two).id).toBe(first.messageId);
      expect(rowOf(three).offset).toBe(2);

      const [later, fresh] = await store.append([{ ...again, messageId: randomUUID() }, send("hall", "c")]);
      expect(later?.outcome).toBe("unchanged");
      expect(rowOf(later).id).toBe(first.messageId);
      expect(rowOf(fresh).offset).toBe(3);
      expect((await store.page("hall", { limit: 10 })).rows.map((row) => row.body)).toEqual(["a", "b", "c"]);
    });

    it("lets the same client id stand for different authors and rooms", async () => {
      const results = await store.append([
        send("hall", "a", { clientId: "k" }),
        send("hall", "b", { clientId: "k", authorId: "bob" }),
        send("stage", "c", { clientId: "k" }),
      ]);
      expect(results.every((result) => result.outcome === "changed")).toBe(true);
    });

    it("keeps offsets without holes when many append at the same time", async () => {
      const batches = Array.from({ length: 20 }, (_, batch) =>
        store.append(Array.from({ length: 5 }, (_, n) => send(n % 2 === 0 ? "hall" : "stage", `${batch}.${n}`))),
      );
      await Promise.all(batches);
      const { rows } = await store.page("hall", { limit: 100 });
      expect(rows.map((row) => row.offset)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    });

    it("refuses commands for rooms that are gone and does the others", async () => {
      const results = await store.append([send("nowhere", "a"), send("hall", "b")]);
      expect(results[0]).toEqual({ outcome: "refused", code: "room.not_found" });
      expect(rowOf(results[1]).offset).toBe(1);
    });

    it("edits with a revision, by the author alone, and not a deleted message", async () => {
      const message = rowOf((await store.append([send("hall", "draft")]))[0]);
      const edit = (authorId: string, body: string) =>
        ({
          kind: "edit",
          roomId: "hall",
          messageId: message.id,
          authorId,
          body,
          mentions: none,
          revisionId: randomUUID(),
          at: (at += 1),
        }) as const;
      const [stranger, author, same] = await store.append([
        edit("bob", "x"),
        edit("ada", "final"),
        edit("ada", "final"),
      ]);
      expect(stranger).toEqual({ outcome: "refused", code: "message.forbidden" });
      expect(rowOf(author)).toMatchObject({ body: "final", offset: 1, version: 2 });
      expect(same?.outcome).toBe("unchanged");
      expect((await store.revisions(message.id)).map((revision) => revision.message)).toEqual(["draft"]);

      const remove = {
        kind: "delete",
        roomId: "hall",
        messageId: message.id,
        by: "ada",
        revisionId: randomUUID(),
        at: (at += 1),
      } as const;
      const [removed, twice, late] = await store.append([remove, remove, edit("ada", "again")]);
      expect(rowOf(removed)).toMatchObject({ body: "", version: 3, deleted_by: "ada" });
      expect(twice?.outcome).toBe("unchanged");
      expect(late).toEqual({ outcome: "refused", code: "message.deleted" });
      expect(await store.head("hall")).toMatchObject({ offset: 3 });
    });

    it("does not change a message through another room", async () => {
      const message = rowOf((await store.append([send("hall", "a")]))[0]);
      const [result] = await store.append([{ ...react(message, "bob", "👍"), roomId: "stage" }]);
      expect(result).toEqual({ outcome: "refused", code: "message.not_found" });
    });

    it("counts reactions, each account once, and at most 20 different", async () => {
      const message = rowOf((await store.append([send("hall", "a")]))[0]);
      const results = await store.append([
        react(message, "ada", "👍"),
        react(message, "bob", "👍"),
        react(message, "bob", "👍"),
        react(message, "bob", "🎉"),
        react(message, "bob", "🎉", false),
        react(message, "bob", "🎉", false),
      ]);
      expect(results.map((result) => result.outcome)).toEqual([
        "changed",
        "changed",
        "unchanged",
        "changed",
        "changed",
        "unchanged",
      ]);
      expect(await store.reactions([message.id])).toEqual([
        { messageId: message.id, emoji: "👍", count: 2, by: ["ada", "bob"] },
      ]);
      const many = await store.append(Array.from({ length: 21 }, (_, n) => react(message, "eve", `e${n}`)));
      expect(many.filter((result) => result.outcome === "changed")).toHaveLength(19);
      expect(many.at(-1)).toEqual({ outcome: "refused", code: "message.too_many_reactions" });
    });

    it("pages before, after and around, and tells what is beyond", async () => {
      await store.append(Array.from({ length: 10 }, (_, n) => send("hall", `m${n + 1}`)));
      const bodies = async (query: Parameters<typeof store.page>[1]) => {
        const { rows, hasMore, hasNewer } = await store.page("hall", query);
        return [rows.map((row) => row.offset), hasMore, hasNewer];
      };
      expect(await bodies({ limit: 3 })).toEqual([[8, 9, 10], true, false]);
      expect(await bodies({ limit: 3, before: 4 })).toEqual([[1, 2, 3], false, true]);
      expect(await bodies({ limit: 3, after: 7 })).toEqual([[8, 9, 10], true, false]);
      expect(await bodies({ limit: 2, after: 7 })).toEqual([[8, 9], true, true]);
      expect(await bodies({ limit: 4, around: 5 })).toEqual([[4, 5, 6, 7], true, true]);
    });

    it("recovers everything that changed since, or says that it cannot", async () => {
      const [first] = await store.append([send("hall", "a"), send("hall", "b"), send("hall", "c")]);
      await store.append([react(rowOf(first), "bob", "👍"), send("hall", "d")]);
      const bodies = async (epoch: string, offset: number, limit = 10) =>
        (await store.since("hall", epoch, offset, limit)).rows?.map((row) => row.body) ?? null;
      expect(await bodies("one", 3)).toEqual(["a", "d"]);
      expect(await bodies("one", 5)).toEqual([]);
      expect(await bodies("one", 0)).toEqual(["a", "b", "c", "d"]);
      expect(await bodies("two", 3)).toBeNull();
      expect(await bodies("one", 6)).toBeNull();
      expect(await bodies("one", 0, 3)).toBeNull();
      expect(await store.since("hall", "one", 3, 10)).toMatchObject({ epoch: "one", offset: 5 });
    });

    it("lists pins, last pinned first", async () => {
      const rows = (await store.append([send("hall", "a"), send("hall", "b")])).map(rowOf);
      const pin = (row: MessageRow, on: boolean) =>
        ({ kind: "pin", roomId: "hall", messageId: row.id, by: "ada", on, at: (at += 1) }) as const;
      await store.append(rows.map((row) => pin(row, true)));
      expect((await store.pinned("hall")).map((row) => row.body)).toEqual(["b", "a"]);
      const again = await store.append([pin(rows[0] as MessageRow, true), pin(rows[1] as MessageRow, false)]);
      expect(again.map((result) => result.outcome)).toEqual(["unchanged", "changed"]);
      expect((await store.pinned("hall")).map((row) => row.body)).toEqual(["a"]);
    });

    it("counts unread messages and mentions of others, without deleted ones, and moves markers only forward", async () => {
      await addMember("hall", "ada");
      await addMember("hall", "bob");
      const sent = await store.append([
        send("hall", "own", { authorId: "bob" }),
        send("hall", "plain"),
        send("hall", "to bob", { mentions: { accounts: ["bob"], room: false } }),
        send("hall", "to all", { mentions: { accounts: [], room: true } }),
        send("hall", "regretted", { mentions: { accounts: ["bob"], room: false } }),
      ]);
      const last = rowOf(sent[4]);
      await store.append([
        { kind: "delete", roomId: "hall", messageId: last.id, by: "ada", revisionId: randomUUID(), at: (at += 1) },
      ]);
      expect((await store.markers("bob", ["hall", "stage"])).get("hall")).toEqual({
        at: 6,
        readOffset: 0,
        unread: 3,
        mentions: 2,
      });
      expect((await store.markers("bob", ["stage"])).size).toBe(0);
      expect(await store.markRead("bob", "hall", 3)).toEqual({ at: 6, readOffset: 3, unread: 1, mentions: 1 });
      expect(await store.markRead("bob", "hall", 2)).toMatchObject({ readOffset: 3 });
      expect(await store.markRead("bob", "hall", 99)).toEqual({ at: 6, readOffset: 6, unread: 0, mentions: 0 });
      expect(await store.markRead("eve", "hall", 3)).toBeUndefined();
    });

    it("counts at most 100 unread", async () => {
      await addMember("hall", "bob");
      await store.append(Array.from({ length: 130 }, (_, n) => send("hall", `m${n}`)));
      expect((await store.markers("bob", ["hall"])).get("hall")).toMatchObject({ unread: 100 });
    });

    it("keeps order, exactly once and convergence under random batches", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 6 }), async (batches) => {
          const roomId = randomUUID();
          await addRoom(roomId);
          const live = new Map<string, MessageRow>();
          const versions: number[] = [];
          const ids: string[] = [];
          const firsts = new Map<string, string>();
          for (const batch of batches) {
            const commands = batch.map((each) => commandOf(each, roomId, ids));
            const results = await store.append(commands);
            for (const [index, result] of results.entries()) {
              const command = commands[index] as StreamCommand;
              if (command.kind === "send" && command.clientId !== null && result.outcome !== "refused") {
                const key = `${command.authorId} ${command.clientId}`;
                expect(result.row.id).toBe(firsts.get(key) ?? command.messageId);
                firsts.set(key, result.row.id);
              }
              if (result.outcome !== "changed") continue;
              versions.push(result.row.version);
              live.set(result.row.id, result.row);
              if (command.kind === "send") ids.push(result.row.id);
            }
          }
          expect(versions).toEqual(versions.map((_, index) => index + 1));
          const { rows } = await store.page(roomId, { limit: 1000 });
          expect(rows).toEqual([...live.values()].sort((a, b) => a.offset - b.offset));
          for (const from of [0, Math.floor(versions.length / 2), versions.length]) {
            const { rows: changed } = await store.since(roomId, "one", from, 1000);
            expect(changed).toEqual(rows.filter((row) => row.version > from));
          }
        }),
        { numRuns: 15 },
      );
    });

    const step = fc.record({
      kind: fc.constantFrom("send", "send", "send", "edit", "react", "delete"),
      author: fc.constantFrom("ada", "bob"),
      key: fc.option(fc.constantFrom("k1", "k2", "k3", "k4")),
      target: fc.nat(20),
      text: fc.constantFrom("one", "two", "three"),
      on: fc.boolean(),
    });

    function commandOf(each: typeof step extends fc.Arbitrary<infer T> ? T : never, roomId: string, ids: string[]) {
      const messageId = ids[each.target % Math.max(1, ids.length)] ?? randomUUID();
      const common = { roomId, messageId, at: (at += 1) };
      switch (each.kind) {
        case "edit":
          return {
            kind: "edit",
            ...common,
            authorId: each.author,
            body: each.text,
            mentions: none,
            revisionId: randomUUID(),
          } satisfies StreamCommand;
        case "react":
          return { kind: "react", ...common, accountId: each.author, emoji: "👍", on: each.on } satisfies StreamCommand;
        case "delete":
          return { kind: "delete", ...common, by: each.author, revisionId: randomUUID() } satisfies StreamCommand;
        default:
          return send(roomId, each.text, { authorId: each.author, clientId: each.key });
      }
    }
  });
});
