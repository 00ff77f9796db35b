import { beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import type { HearingTables } from "../../../src/modules/alerts/hearing/hearing.tables.ts";
import { createInboxStore } from "../../../src/modules/alerts/hearing/inbox.store.sql.ts";
import type { InboxStore } from "../../../src/modules/alerts/hearing/inbox.store.ts";
import { createLeaseStore } from "../../../src/modules/alerts/hearing/lease.store.sql.ts";
import { createSubscriptionsStore } from "../../../src/modules/alerts/hearing/subscriptions.store.sql.ts";
import type { HeardMessage } from "../../../src/modules/alerts/hearing/twitch.port.ts";
import { createWatchStore } from "../../../src/modules/alerts/hearing/watch.store.sql.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { announce, streamRow } from "../../support/alerts.rows.ts";
import { eachEngine } from "../../support/engines.ts";

const message = (messageId: string, over: Partial<HeardMessage> = {}): HeardMessage => ({
  kind: "event",
  messageId,
  sentAt: 900,
  twitchId: "1001",
  heard: { type: "stream.online", twitchStreamId: "s1", streamType: "live", startedAt: 890 },
  ...over,
});

eachEngine((_engine, open) => {
  describe("the inbox", () => {
    let database: Database;
    let store: InboxStore;
    beforeEach(async () => {
      database = await open([alertsSchema]);
      store = createInboxStore(database);
    });
    const claim = (now: number, limit = 10) => store.claim({ lane: "events", now, leaseUntil: now + 100, limit });

    it("keeps an event once, whoever brings it again at the same time, and whatever it says then", async () => {
      const added = await Promise.all(Array.from({ length: 8 }, () => store.add(message("m1"), 1000)));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await store.add(message("m1", { twitchId: "6666" }), 1001)).toBe(false);
      expect(await claim(1000)).toMatchObject([
        {
          key: "m1",
          messageId: "m1",
          twitchId: "1001",
          heard: message("m1").heard,
          eventAt: 900,
          heardAt: 1000,
          tries: 0,
          fence: 1,
          leaseUntil: 1100,
        },
      ]);
    });

    it("gives each event to one of many who claim at once, and again when the lease is over", async () => {
      for (let n = 0; n < 30; n += 1) await store.add(message(`m${n}`), 1000);
      const claims = await Promise.all(Array.from({ length: 6 }, () => claim(1000, 7)));
      const keys = claims.flat().map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      // Whoever is passed over by a claim that is under way gets the rest with the next one.
      keys.push(...(await claim(1000, 30)).map(({ key }) => key));
      expect(new Set(keys).size).toBe(30);
      expect(await claim(1099, 30)).toEqual([]);
      expect((await claim(1100, 30)).map(({ fence }) => fence)).toEqual(Array.from({ length: 30 }, () => 2));
    });

    it("writes down how it ended only for who holds it", async () => {
      await store.add(message("m1"), 1000);
      const [first] = await claim(1000);
      const [second] = await claim(1100);
      if (first === undefined || second === undefined) throw new Error("nothing was claimed");
      const done = { kind: "done", result: "applied", dueAt: null } as const;
      expect(await store.settle([{ job: first, ...done }], 1101)).toEqual([false]);
      expect(await store.countDue(1101)).toBe(1);
      const again = { kind: "again", result: "postponed", dueAt: 5000 } as const;
      expect(await store.settle([{ job: second, ...again }], 1102)).toEqual([true]);
      expect(await claim(4999)).toEqual([]);
      const [third] = await claim(5000);
      if (third === undefined) throw new Error("nothing was claimed");
      expect(third).toMatchObject({ fence: 3, tries: 1 });
      expect(await store.settle([{ job: third, ...done }], 5001)).toEqual([true]);
      expect(await claim(9000)).toEqual([]);
      expect(await store.countDue(9000)).toBe(0);
    });

    it("remembers ids of what was dealt with until it is swept, and never sweeps what waits", async () => {
      await store.add(message("m1"), 1000);
      await store.add(message("m2"), 1000);
      const [job] = await claim(1000, 1);
      if (job === undefined) throw new Error("nothing was claimed");
      await store.settle([{ job, kind: "done", result: "applied", dueAt: null }], 1001);
      await store.sweep(1000);
      expect(await store.add(message(job.key), 1002)).toBe(false);
      await store.sweep(2000);
      expect(await store.add(message(job.key), 2001)).toBe(true);
      expect((await claim(9000)).map(({ key }) => key).sort()).toEqual(["m1", "m2"]);
    });
  });

  describe("the lease on hearing", () => {
    it("belongs to one at a time, ends by itself, and is given back", async () => {
      const store = createLeaseStore(await open([alertsSchema]), "hearing");
      const taken = await Promise.all(["a", "b", "c"].map((holder) => store.take(holder, 1000, 1100)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const winner = ["a", "b", "c"][taken.indexOf(true)] ?? "";
      const other = winner === "a" ? "b" : "a";
      expect(await store.take(winner, 1050, 1150)).toBe(true);
      expect(await store.take(other, 1149, 1249)).toBe(false);
      expect(await store.remember(other, "mine")).toBe(false);
      expect(await store.remember(winner, "first")).toBe(true);
      expect(await store.take(other, 1150, 1250)).toBe(true);
      await store.release(winner);
      expect(await store.take(winner, 1200, 1300)).toBe(false);
      expect(await store.recall()).toBe("first");
      await store.release(other);
      expect(await store.take(winner, 1200, 1300)).toBe(true);
      expect(await store.recall()).toBe("first");
    });

    it("of another name is another one", async () => {
      const database = await open([alertsSchema]);
      expect(await createLeaseStore(database, "hearing").take("a", 1000, 1100)).toBe(true);
      expect(await createLeaseStore(database, "other").take("b", 1000, 1100)).toBe(true);
      expect(await createLeaseStore(database, "nobody").recall()).toBe("");
    });
  });

  describe("what is known of EventSub subscriptions", () => {
    it("drifts when somebody comes or goes, when the way changes, and when Twitch ends one", async () => {
      const database = await open([alertsSchema]);
      const store = createSubscriptionsStore(database);
      const drifted = (key = "conduit c1") => store.drifted(["stream.online"], key);
      expect(await drifted()).toBe(false);
      await announce(database, { guildId: "here", broadcasterId: "b1", twitchId: "1001" });
      expect(await store.announced()).toEqual([{ broadcasterId: "b1", twitchId: "1001" }]);
      expect(await drifted()).toBe(true);
      const state = {
        broadcasterId: "b1",
        type: "stream.online",
        subscriptionId: "sub-1",
        transport: "conduit c1",
        status: "enabled",
      } as const;
      await store.put(state, 1000);
      expect(await drifted()).toBe(false);
      expect(await drifted("conduit c2")).toBe(true);
      expect(await store.revoked("sub-2", 1001)).toBe(false);
      expect(await store.revoked("sub-1", 1001)).toBe(true);
      expect(await store.all()).toEqual([{ ...state, status: "revoked" }]);
      expect(await drifted()).toBe(true);
      await store.put({ ...state, subscriptionId: "sub-3" }, 1002);
      expect(await drifted()).toBe(false);
      expect(await store.countByStatus()).toEqual(new Map([["enabled", 1]]));
      await store.remove(state);
      expect(await store.all()).toHaveLength(1);

      await database
        .tables<HearingTables>()
        .updateTable("guilds")
        .set({ removed_at: 2000 })
        .where("guild_id", "=", "here")
        .execute();
      expect(await store.announced()).toEqual([]);
      expect(await drifted()).toBe(true);
      await store.remove({ ...state, subscriptionId: "sub-3" });
      expect(await drifted()).toBe(false);
    });

    it("names somebody once whom several guilds announce", async () => {
      const database = await open([alertsSchema]);
      await announce(database, { guildId: "here", broadcasterId: "b1", twitchId: "1001" });
      await announce(database, { guildId: "111111111111111111", broadcasterId: "b1", twitchId: "1001" });
      expect(await createSubscriptionsStore(database).announced()).toHaveLength(1);
    });
  });

  describe("what looking at Twitch needs to know", () => {
    it("tells who is live, which streams are known, whose recording is missing and whose channel changed", async () => {
      const database = await open([alertsSchema]);
      const db = database.tables<HearingTables>();
      await announce(database, { guildId: "here", broadcasterId: "b1", twitchId: "1001" });
      await announce(database, { guildId: "here", broadcasterId: "b2", twitchId: "1002" });
      const ended = { state: "ended", ended_at: 5000 } as const;
      await db
        .insertInto("streams")
        .values([
          streamRow("b1", "s1"),
          streamRow("b2", "s2", ended),
          streamRow("b2", "s0", { ...ended, vod_url: "https://www.twitch.tv/videos/1" }),
          streamRow("b2", "s3", { ...ended, ended_at: 4000 }),
        ])
        .execute();
      const store = createWatchStore(database);
      expect(await store.live()).toEqual([
        { broadcasterId: "b1", twitchId: "1001", twitchStreamId: "s1", heardAt: 1000, seenAt: 0 },
      ]);
      const asked = [
        ...Array.from({ length: 450 }, (_, n) => ({ twitchId: `9${n}`, twitchStreamId: `x${n}` })),
        { twitchId: "1001", twitchStreamId: "s1" },
        { twitchId: "1002", twitchStreamId: "s3" },
        // Somebody else's stream of the same id is another stream.
        { twitchId: "7777", twitchStreamId: "s2" },
      ];
      expect(await store.known(asked)).toEqual(new Set(["s1", "s3"]));
      expect(await store.known([])).toEqual(new Set());
      expect(await store.unrecorded(4000)).toEqual([{ twitchId: "1002", twitchStreamId: "s2", endedAt: 5000 }]);

      const inbox = createInboxStore(database);
      const update = { type: "channel.update", title: "", game: "", language: "" } as const;
      await inbox.add(message("m1", { twitchId: "1001", heard: update }), 5000);
      await inbox.add(message("m2", { twitchId: "1002", heard: update }), 4000);
      await inbox.add(message("m3", { twitchId: "1003" }), 5000);
      expect(await store.updated(4000)).toEqual(new Set(["1001"]));
    });
  });
});
