import fc from "fast-check";
import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { chatSchema } from "../../src/modules/chat/chat.schema.ts";
import type { ChatTables } from "../../src/modules/chat/chat.tables.ts";
import { parseSearch } from "../../src/modules/chat/search/search.query.ts";
import { searchSchema } from "../../src/modules/chat/search/search.schema.ts";
import { createSqlSearchStore } from "../../src/modules/chat/search/search.store.sql.ts";
import { migrate } from "../../src/platform/db/migrate.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { type ChatWorld, createChatWorld, type Someone } from "../support/chat.world.ts";
import { eachEngine } from "../support/engines.ts";

/** SQLite passes over accents, Postgres does not. */
function withoutAccents(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

eachEngine((engine, open) => {
  describe("search", () => {
    let world: ChatWorld;
    let olga: Someone;
    let ada: Someone;
    let bob: Someone;
    const general = { roomId: "general" };

    beforeEach(async () => {
      world = await createChatWorld(await open());
      olga = world.person("Olga", "owner");
      ada = world.person("Ada");
      bob = world.person("Bob");
    });

    const say = (who: Someone, message: string, params = general) =>
      world.ok(who, "sendMessage", { params, body: { message } });
    const find = async (who: Someone, q: string, query: Record<string, string | number> = {}) =>
      (await world.ok(who, "search", { query: { q, ...query } })).items.map((item) => item.message.message);

    it("finds messages with all the words, newest first, with where they are", async () => {
      await say(ada, "The kettle is on");
      await say(bob, "Who put the KETTLE on the roof?");
      await say(ada, "Tea for two");
      expect(await find(ada, "kettle")).toEqual(["Who put the KETTLE on the roof?", "The kettle is on"]);
      expect(await find(ada, "roof kettle")).toEqual(["Who put the KETTLE on the roof?"]);
      expect(await find(ada, "kett")).toEqual(["Who put the KETTLE on the roof?", "The kettle is on"]);
      expect(await find(ada, "kett on")).toEqual([]);
      expect(await find(ada, '"kettle on"')).toEqual(["Who put the KETTLE on the roof?"]);
      expect(await find(ada, "kettle", { from: "bob" })).toEqual(["Who put the KETTLE on the roof?"]);
      expect(await find(ada, "kettle", { from: "nobody" })).toEqual([]);
      const [hit] = (await world.ok(ada, "search", { query: { q: "tea" } })).items;
      expect(hit).toMatchObject({
        roomName: "General",
        snippet: "\ue000Tea\ue001 for two",
        message: { roomId: "general" },
      });
    });

    it("finds words between any signs, in any script", async () => {
      const texts = [
        "see https://foyer.example/rooms/den?x=1 now",
        "call snake_case or kebab-case",
        "**bold** `code` [link](target)",
        "привет МИР",
        "version 3.14 of x86",
        "café über naïve",
        "mail ada@foyer.example",
        "quote “inner” it’s",
      ];
      for (const text of texts) await say(ada, text);
      const at = (text: string) => texts.filter((other) => other === text);
      expect(await find(bob, "rooms den")).toEqual(at("see https://foyer.example/rooms/den?x=1 now"));
      expect((await find(bob, "foyer.example")).length).toBe(2);
      expect(await find(bob, "snake")).toEqual(at("call snake_case or kebab-case"));
      expect(await find(bob, "kebab-case")).toEqual(at("call snake_case or kebab-case"));
      expect(await find(bob, "bold target")).toEqual(at("**bold** `code` [link](target)"));
      expect(await find(bob, "мир")).toEqual(at("привет МИР"));
      expect(await find(bob, "3.14")).toEqual(at("version 3.14 of x86"));
      expect(await find(bob, "x86")).toEqual(at("version 3.14 of x86"));
      expect(await find(bob, "CAFÉ")).toEqual(at("café über naïve"));
      expect(await find(bob, "inner it")).toEqual(at("quote “inner” it’s"));
    });

    it("knows an edited message by its new text only, and a deleted one not at all", async () => {
      const { messageId } = await say(ada, "the blue door");
      const params = { ...general, messageId };
      await world.ok(ada, "editMessage", { params, body: { message: "the green gate" } });
      expect(await find(ada, "blue")).toEqual([]);
      expect(await find(ada, "green")).toEqual(["the green gate"]);
      await world.ok(olga, "pinMessage", { params, body: { on: true } });
      expect(await find(ada, "green")).toEqual(["the green gate"]);
      await world.ok(ada, "deleteMessage", { params });
      expect(await find(ada, "green")).toEqual([]);
      expect(await find(ada, "blue")).toEqual([]);
      await say(ada, "the green gate");
      const { roomId } = await world.ok(olga, "createRoom", { body: { kind: "public", name: "Brief" } });
      await say(ada, "green again", { roomId });
      await world.ok(olga, "deleteRoom", { params: { roomId } });
      expect(await find(ada, "green")).toEqual(["the green gate"]);
    });

    it("goes on page by page without gaps or repetitions while messages come in", async () => {
      for (let index = 0; index < 7; index += 1) await say(ada, `drum ${index}`);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { q: "drum", limit: 3, ...(cursor === undefined ? {} : { cursor }) };
        const page = await world.ok(bob, "search", { query });
        seen.push(...page.items.map((item) => item.message.message));
        cursor = page.next;
        await say(ada, "drum roll");
      } while (cursor !== undefined);
      expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `drum ${index}`));
      const foreign = { query: { q: "drum", cursor: "' or 1=1 --" } };
      expect((await world.call(bob, "search", foreign)).code).toBe("request.invalid");
    });

    it("never shows what the one who asks may not read", async () => {
      const den = await world.ok(ada, "createRoom", { body: { kind: "private", name: "Den" } });
      const direct = await world.ok(ada, "createRoom", { body: { kind: "direct", accountIds: [bob.accountId] } });
      await say(ada, "secret in the den", { roomId: den.roomId });
      await say(ada, "secret between two", { roomId: direct.roomId });
      await say(ada, "secret in public");
      expect(await find(ada, "secret")).toHaveLength(3);
      expect(await find(bob, "secret")).toEqual(["secret in public", "secret between two"]);
      expect(await find(olga, "secret")).toEqual(["secret in public"]);
      expect(await find(olga, "secret", { roomId: den.roomId })).toEqual([]);
      expect(await find(bob, "secret", { roomId: direct.roomId })).toEqual(["secret between two"]);
      const named = await world.ok(bob, "search", { query: { q: "secret", roomId: direct.roomId } });
      expect(named.items[0]?.roomName).toBe("Ada, Bob");

      const gus = world.person("Gus", "guest");
      expect(await find(gus, "secret")).toEqual([]);
      await world.ok(olga, "updateRoom", { params: general, body: { guests: "read" } });
      expect(await find(gus, "secret")).toEqual(["secret in public"]);
      expect((await world.call(null, "search", { query: { q: "secret" } })).code).toBe("auth.required");

      const { token } = await world.ok(ada, "createInvite", { params: { roomId: den.roomId }, body: {} });
      await world.ok(bob, "acceptInvite", { params: { token: token ?? "" } });
      expect(await find(bob, "secret")).toHaveLength(3);
      await world.ok(ada, "removeMember", { params: { roomId: den.roomId, accountId: bob.accountId } });
      expect(await find(bob, "secret")).toHaveLength(2);
      const ban = await world.ok(olga, "banMember", {
        params: general,
        body: { accountId: bob.accountId, seconds: 60 },
      });
      expect(await find(bob, "secret")).toEqual(["secret between two"]);
      await world.ok(olga, "liftBan", { params: { ...general, banId: ban.banId } });
      expect(await find(bob, "secret")).toHaveLength(2);
    });

    it("answers whatever is typed, and finds nothing that does not hold the words", async () => {
      const store = createSqlSearchStore(world.database);
      const bodies = ["alpha beta", "beta gamma", "NEAR alpha", 'say "or" AND not', "it's 100% *fine* (really)"];
      for (const body of bodies) await say(ada, body);
      const token = fc.constantFrom(
        ...[
          '"',
          "'",
          "*",
          "(",
          ")",
          "OR",
          "AND",
          "NOT",
          "NEAR",
          ":",
          "^",
          "-",
          "+",
          "\\",
          "%",
          "&",
          "|",
          "!",
          "<->",
          ";",
        ],
        ...["alpha", "beta", "body:", "{body}", "\u0000", "😀", "\u0301", " ", "--", "/*", "$1", "?"],
      );
      const hostile = fc.oneof(
        fc.array(token, { maxLength: 12 }).map((parts) => parts.join("")),
        fc.array(token, { maxLength: 8 }).map((parts) => parts.join(" ")),
        fc.string({ unit: "binary", maxLength: 60 }),
      );
      const request = { accountId: ada.accountId, addressHash: "x", guest: false, staff: false, limit: 50, now: 0 };
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          const terms = parseSearch(text);
          const { rows } = await store.search({ ...request, terms });
          for (const row of rows) {
            for (const word of terms.terms.flat()) expect(withoutAccents(row.body)).toContain(withoutAccents(word));
          }
        }),
        { numRuns: 300 },
      );
    });

    it("shows exactly the messages of rooms that one may read, whoever is where", async () => {
      const people = [ada, bob, world.person("Cyd")];
      const rooms = new Map<string, Someone[]>();
      for (let index = 0; index < 4; index += 1) {
        const maker = people[index % 3] ?? ada;
        const { roomId } = await world.ok(maker, "createRoom", { body: { kind: "private", name: `R${index}` } });
        rooms.set(roomId, [maker]);
        await say(maker, `needle ${roomId}`, { roomId });
      }
      const ids = [...rooms.keys()];
      const step = fc.record({ room: fc.nat(3), person: fc.nat(2), comes: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
          for (const { room, person, comes } of steps) {
            const roomId = ids[room] ?? "";
            const members = rooms.get(roomId) ?? [];
            const who = people[person] ?? ada;
            if (comes && !members.includes(who)) {
              const { token } = await world.ok(members[0] ?? ada, "createInvite", { params: { roomId }, body: {} });
              await world.ok(who, "acceptInvite", { params: { token: token ?? "" } });
              rooms.set(roomId, [...members, who]);
            } else if (!comes && members.includes(who) && members.length > 1) {
              await world.ok(who, "leaveRoom", { params: { roomId } });
              rooms.set(
                roomId,
                members.filter((member) => member !== who),
              );
            }
          }
          for (const who of people) {
            const may = ids.filter((roomId) => rooms.get(roomId)?.includes(who));
            const found = (await find(who, "needle")).map((text) => text.replace("needle ", ""));
            expect(found.toSorted()).toEqual(may.toSorted());
          }
        }),
        { numRuns: 15 },
      );
    });

    it("finds exactly what is there, whatever was sent, edited and deleted, and whenever the index was carried on", async () => {
      const words = ["ash", "birch", "cedar"];
      const step = fc.oneof(
        fc.record({ act: fc.constant("send" as const), word: fc.nat(2) }),
        fc.record({ act: fc.constant("edit" as const), at: fc.nat(9), word: fc.nat(2) }),
        fc.record({ act: fc.constantFrom("delete" as const), at: fc.nat(9) }),
        fc.record({ act: fc.constantFrom("tick" as const, "search" as const, "drop" as const) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          const newRoom = () => world.ok(olga, "createRoom", { body: { kind: "public", name: "Grove" } });
          let { roomId } = await newRoom();
          let texts = new Map<string, string>();
          const check = async () => {
            for (const word of words) {
              const expected = [...texts.values()].filter((text) => text === word);
              expect(await find(olga, word, { roomId, limit: 100 })).toEqual(expected);
            }
          };
          for (const one of steps) {
            const messageId = "at" in one ? [...texts.keys()][one.at] : undefined;
            const word = "word" in one ? (words[one.word] ?? "") : "";
            if (one.act === "send") texts.set((await say(olga, word, { roomId })).messageId, word);
            else if (one.act === "tick") world.chat.tick();
            else if (one.act === "search") await check();
            else if (one.act === "drop") {
              await world.ok(olga, "deleteRoom", { params: { roomId } });
              ({ roomId } = await newRoom());
              texts = new Map();
            } else if (messageId !== undefined && one.act === "edit") {
              await world.ok(olga, "editMessage", { params: { roomId, messageId }, body: { message: word } });
              texts.set(messageId, word);
            } else if (messageId !== undefined) {
              await world.ok(olga, "deleteMessage", { params: { roomId, messageId } });
              texts.delete(messageId);
            }
          }
          await check();
          if (engine !== "sqlite") return;
          // FTS5 compares its index with the texts, and throws when they differ.
          await sql`insert into message_words (message_words, rank) values ('integrity-check', 1)`.execute(
            world.database.tables(),
          );
        }),
        { numRuns: 25 },
      );
    });

    it("takes in messages that were there before search was", async () => {
      const database = await open([chatSchema]);
      const row = {
        id: "m1",
        room_id: "r1",
        offset: 1,
        version: 1,
        author_id: "a1",
        body: "an old tale",
        client_id: null,
        reply_to: null,
        mentions: null,
        mentions_room: 0,
        created_at: 1,
        edited_at: null,
        deleted_at: null,
        deleted_by: null,
        pinned_at: null,
        pinned_by: null,
      };
      const tables = database.tables<ChatTables>();
      await tables
        .insertInto("rooms")
        .values({
          id: "r1",
          kind: "public",
          name: "Old",
          topic: "",
          slow_mode_seconds: 0,
          guests: "none",
          archived_at: null,
          created_at: 1,
          created_by: null,
          epoch: "e",
          head_offset: 1,
          last_message_at: null,
          direct_key: null,
        })
        .execute();
      await tables
        .insertInto("messages")
        .values([row, { ...row, id: "m2", offset: 2, version: 2, deleted_at: 5 }])
        .execute();
      await migrate(database, [chatSchema, searchSchema], { log: silentLogger() });
      const store = createSqlSearchStore(database);
      const terms = parseSearch("tale");
      const request = { accountId: "a2", addressHash: "x", guest: false, staff: false, terms, limit: 5, now: 0 };
      expect((await store.search(request)).rows.map((found) => found.id)).toEqual(["m1"]);
      await tables.deleteFrom("messages").where("id", "in", ["m1", "m2"]).execute();
      expect((await store.search(request)).rows).toEqual([]);
    });
  });
});
