import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../src/modules/alerts/alerts.schema.ts";
import { eachEngine } from "../support/engines.ts";
import { createHearingWorld, type HearingNode, type HearingWorld } from "../support/hearing.world.ts";

const HOUR = 3_600_000;

eachEngine((_engine, open) => {
  describe("hearing Twitch by a conduit", () => {
    let world: HearingWorld;
    let node: HearingNode;
    beforeEach(async () => {
      world = await createHearingWorld(await open([alertsSchema]));
      await world.announce("ada", "bo_live");
      node = await world.node({ transport: "conduit" });
      await hears();
    });
    afterEach(() => world.stop());

    const eventsub = () => world.twitch.eventsub;
    const shard = () => eventsub().conduits.all()[0]?.shards[0];
    const hears = (on = () => node) =>
      world.until(async () => {
        expect(shard()?.status).toBe("enabled");
        expect(await on().parts.hearing.status()).toMatchObject({ state: "ok", eventSubSubscriptions: 6 });
      });
    const live = async () => (await world.streams()).filter(({ state }) => state === "live").map(({ id }) => id);
    /** Goes live and ends `count` times, one after the other, and returns how often each event was applied. */
    async function toAndFro(count: number): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        world.twitch.goLive("ada", { title: `Nr ${n}` });
        world.twitch.endStream("ada");
        await new Promise((resolve) => setImmediate(resolve));
      }
    }

    it("has one conduit with one shard, and all EventSub subscriptions on it", async () => {
      expect(eventsub().conduits.all()).toHaveLength(1);
      const { id } = eventsub().conduits.all()[0] ?? { id: "" };
      const all = eventsub().subscriptions.all();
      expect(all.map(({ transport }) => transport)).toEqual(all.map(() => ({ method: "conduit", conduitId: id })));
      const stream = world.twitch.goLive("ada", { title: "Hello", game: "Chess" });
      await world.until(async () => expect(await live()).toEqual([stream.id]));
      expect(await node.parts.hearing.status()).toMatchObject({ transport: "conduit", problem: null });
    });

    it("keeps the conduit and what is subscribed over a restart", async () => {
      const before = eventsub()
        .subscriptions.all()
        .map(({ id }) => id);
      await node.stop();
      expect(shard()?.status).not.toBe("enabled");
      node = await world.node({ transport: "conduit" });
      await hears();
      expect(
        eventsub()
          .subscriptions.all()
          .map(({ id }) => id),
      ).toEqual(before);
      expect(eventsub().conduits.all()).toHaveLength(1);
    });

    it("moves to another socket when Twitch asks for it, and loses nothing in between", async () => {
      const host = new URL(world.twitch.url).host;
      for (let move = 0; move < 3; move += 1) {
        const [before] = eventsub().sockets.all();
        const moving = toAndFro(15);
        eventsub().sockets.askToReconnect(host);
        await world.until(() => {
          const open = eventsub().sockets.all();
          expect(open).toHaveLength(1);
          expect(open[0]?.id).not.toBe(before?.id);
        });
        await moving;
        await toAndFro(5);
      }
      const sent = eventsub()
        .dispatch.deliveries()
        .filter(({ type }) => type === "stream.online");
      expect(sent).toHaveLength(60);
      expect(sent.filter(({ state }) => state !== "sent")).toEqual([]);
      // Each of them is in the inbox: nothing had to be found by asking.
      await world.until(async () => {
        const done = new Set(
          (await world.inbox()).filter(({ state }) => state === "done").map(({ messageId }) => messageId),
        );
        expect(sent.filter(({ messageId }) => !done.has(messageId))).toEqual([]);
      });
      expect(await node.metric('foyer_eventsub_missed_total{kind="online"}')).toBe(0);
      await hears();
    });

    it("opens another socket when nothing comes any more, and finds what was lost meanwhile", async () => {
      eventsub().sockets.silence(true);
      const [before] = eventsub().sockets.all();
      world.twitch.loseNextEvents(2);
      const stream = world.twitch.goLive("bo_live", { title: "In the gap" });
      // As long as the silence that Twitch announces at the least.
      await world.until(() => {
        const open = eventsub().sockets.all();
        expect(open.map(({ id }) => id)).not.toContain(before?.id);
        expect(open).toHaveLength(1);
      }, 30_000);
      eventsub().sockets.silence(false);
      await hears();
      await world.until(async () =>
        expect(await world.streams()).toMatchObject([{ id: stream.id, title: "In the gap" }]),
      );
    });

    it("opens another socket whatever Twitch closes it with", async () => {
      for (const code of [4000, 4002, 4003, 4005, 4006, undefined]) {
        const [before] = eventsub().sockets.all();
        eventsub().sockets.drop(code);
        await world.until(() => {
          const open = eventsub().sockets.all();
          expect(open).toHaveLength(1);
          expect(open[0]?.id).not.toBe(before?.id);
        });
        await hears();
      }
      const stream = world.twitch.goLive("ada");
      await world.until(async () => expect(await live()).toEqual([stream.id]));
    });

    it("makes another conduit when Twitch has deleted the one", async () => {
      const [conduit] = eventsub().conduits.all();
      if (conduit === undefined) throw new Error("there is none");
      eventsub().conduits.remove(conduit);
      for (const { id } of eventsub().subscriptions.all()) eventsub().subscriptions.remove(id);
      eventsub().sockets.drop(4000);
      await world.until(() => expect(eventsub().conduits.all()).toHaveLength(1));
      await hears();
      expect(eventsub().conduits.all()[0]?.id).not.toBe(conduit.id);
    });

    it("subscribes again after a revocation that came by the socket", async () => {
      const before = eventsub()
        .subscriptions.all()
        .filter(({ condition }) => condition["broadcaster_user_id"] === "1001");
      await world.twitch.revokeSubscriptions("ada");
      expect(before.map(({ status }) => status)).toEqual(before.map(() => "authorization_revoked"));
      await world.until(() => {
        const all = eventsub().subscriptions.all();
        expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => "enabled"));
      });
      await hears();
    });

    it("says what is wrong while the socket cannot be registered, and comes back", async () => {
      world.twitch.fault({ kind: "error", operation: "shards.update" });
      eventsub().sockets.drop(4000);
      await world.until(async () => {
        const { state, problem } = await node.parts.hearing.status();
        expect(state).toBe("failing");
        expect(problem).toContain("not_registered");
      }, 20_000);
      world.twitch.clearFaults();
      await world.until(() => hears(), 20_000);
    });

    it("hears by one of several nodes, and by another one when that is gone", async () => {
      const second = await world.node({ transport: "conduit" });
      world.pass(6000);
      await toAndFro(3);
      expect(eventsub().sockets.all()).toHaveLength(1);
      // Every node tells the same, whoever holds the socket.
      expect(await second.parts.hearing.status()).toEqual(await node.parts.hearing.status());

      // Gone without a word: the lease runs out, and what was missed is found.
      await node.freeze();
      eventsub().sockets.drop();
      world.twitch.loseNextEvents(2);
      const stream = world.twitch.goLive("bo_live");
      // A turn that was under way when it froze may have renewed the lease: time goes on until it has run out.
      await world.until(async () => {
        world.pass(1000);
        expect(await live()).toContain(stream.id);
      });
      await hears(() => second);
    });

    it("hands over at once when a node is stopped", async () => {
      const second = await world.node({ transport: "conduit" });
      await node.stop();
      await hears(() => second);
      const stream = world.twitch.goLive("ada");
      await world.until(async () => expect(await live()).toEqual([stream.id]));
    });

    it("changes to webhooks and back when it is told, and leaves nothing of the old way", async () => {
      await node.stop();
      node = await world.node({ transport: "webhook" });
      const methods = () =>
        eventsub()
          .subscriptions.all()
          .map(({ transport }) => transport.method);
      await world.until(() => expect(methods()).toEqual(Array.from({ length: 6 }, () => "webhook")));
      await world.until(async () => expect((await node.parts.hearing.status()).state).toBe("ok"));
      expect(eventsub().sockets.all()).toEqual([]);
      await node.stop();
      node = await world.node({ transport: "conduit" });
      await world.until(() => expect(methods()).toEqual(Array.from({ length: 6 }, () => "conduit")));
      await hears();
    });

    it("needs no socket while nobody is announced", async () => {
      const db = world.database.tables<{ guild_broadcasters: { guild_id: string } }>();
      const sockets = () => eventsub().sockets.all();
      await db.deleteFrom("guild_broadcasters").execute();
      node.parts.hearing.changed();
      await world.until(async () => {
        expect(sockets()).toEqual([]);
        expect(eventsub().subscriptions.all()).toEqual([]);
        expect(await node.parts.hearing.status()).toMatchObject({ state: "ok", eventSubSubscriptions: 0 });
      });
      world.twitch.fault({ kind: "error", operation: "token", status: 403 });
      world.twitch.appTokens.expireAll();
      node.parts.hearing.changed();
      // Wrong credentials are told before the first streamer comes.
      await world.until(async () => {
        const { state, problem } = await node.parts.hearing.status();
        expect(state).toBe("failing");
        expect(problem).toMatch(/Twitch/);
      });
      world.twitch.clearFaults();
    });

    it("compares with Twitch every hour", async () => {
      const first = eventsub().subscriptions.all()[0];
      if (first === undefined) throw new Error("there is none");
      eventsub().subscriptions.remove(first.id);
      world.pass(HOUR + 10_000);
      await world.until(() => expect(eventsub().subscriptions.all()).toHaveLength(6));
    });
  });
});
