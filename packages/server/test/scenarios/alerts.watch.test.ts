import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../src/modules/alerts/alerts.schema.ts";
import { eachEngine } from "../support/engines.ts";
import { createHearingWorld, type HearingNode, type HearingWorld } from "../support/hearing.world.ts";

const SECOND = 1000;
const MINUTE = 60_000;

eachEngine((_engine, open) => {
  describe("looking who is live", () => {
    let world: HearingWorld;
    let node: HearingNode;
    beforeEach(async () => {
      world = await createHearingWorld(await open([alertsSchema]));
      await world.announce("ada");
      node = await world.node();
      await hears();
    });
    afterEach(() => world.stop());

    const hears = () => world.until(async () => expect((await node.parts.hearing.status()).state).toBe("ok"));
    const states = async () => (await world.streams()).map(({ state }) => state);
    const found = (kind: string) => node.metric(`foyer_eventsub_missed_total{kind="${kind}"}`);
    const onlines = () => node.applied.filter(({ kind }) => kind === "online");
    /** So many more looks at who is live have come to their end. */
    async function looks(count: number, ms: number): Promise<void> {
      const looked = () => node.metric('foyer_eventsub_looks_total{result="ok"}');
      for (let n = 0; n < count; n += 1) {
        const before = await looked();
        world.pass(ms);
        await world.until(async () => expect(await looked()).toBeGreaterThan(before));
      }
    }

    it("finds a beginning that EventSub has lost, and tells it once", async () => {
      world.twitch.loseNextEvents(10);
      const stream = world.twitch.goLive("ada", { title: "Hello", game: "Chess", viewers: 12 });
      await looks(1, 2 * MINUTE);
      await world.until(async () =>
        expect(await world.streams()).toEqual([
          { id: stream.id, state: "live", title: "Hello", viewers: 12, vodUrl: null },
        ]),
      );
      expect(await found("online")).toBe(1);
      await looks(2, 2 * MINUTE);
      expect(onlines()).toHaveLength(1);
      // Counted as late: its time is Twitch's, not that of the look.
      expect(onlines()[0]?.eventAt).toBe(Math.trunc(stream.startedAt / SECOND) * SECOND);
    });

    it("finds who went live while the server was down, and who ended", async () => {
      const first = world.twitch.goLive("ada");
      await world.until(async () => expect(await states()).toEqual(["live"]));
      await node.stop();
      world.twitch.endStream("ada");
      await world.announce("bo_live");
      world.pass(20 * MINUTE);
      const second = world.twitch.goLive("bo_live", { title: "Nobody heard" });
      await world.twitch.eventsub.dispatch.settled();

      node = await world.node();
      await world.until(async () => expect((await world.streams()).map(({ id }) => id)).toEqual([first.id, second.id]));
      expect(onlines().map(({ twitchId }) => twitchId)).toEqual(["1002"]);
      expect(await states()).toEqual(["live", "live"]);
      // Only a second look that agrees ends the first.
      await looks(1, MINUTE + SECOND);
      await world.until(async () => expect(await states()).toEqual(["ended", "live"]));
    });

    it("asks again every ten seconds until Get Streams knows a new stream", async () => {
      world.twitch.stage.lag(45 * SECOND);
      world.twitch.goLive("ada", { viewers: 3 });
      await world.until(async () => expect(await states()).toEqual(["live"]));
      const asked = () => world.twitch.calls.of("streams");
      for (let n = 0; n < 4; n += 1) {
        const before = asked();
        world.pass(10 * SECOND);
        await world.until(() => expect(asked()).toBeGreaterThan(before));
      }
      expect((await world.streams())[0]?.viewers).toBeNull();
      world.pass(10 * SECOND);
      await world.until(async () => expect((await world.streams())[0]?.viewers).toBe(3));
    });

    it("follows viewers while the stream is live, and finds the recording after its end", async () => {
      const stream = world.twitch.goLive("ada", { viewers: 3 });
      await world.until(async () => expect(await states()).toEqual(["live"]));
      world.twitch.stage.setViewers("ada", 250);
      await looks(1, 2 * MINUTE);
      await world.until(async () => expect((await world.streams())[0]?.viewers).toBe(250));
      world.twitch.endStream("ada");
      await world.until(async () => expect(await states()).toEqual(["ended"]));
      const video = world.twitch.stage.videos().find(({ streamId }) => streamId === stream.id);
      await world.until(async () => {
        world.pass(5 * SECOND);
        expect((await world.streams())[0]?.vodUrl).toBe(`https://www.twitch.tv/videos/${video?.id}`);
      });
    });

    it("asks for a recording a few times and then no more", async () => {
      world.twitch.stage.record(false);
      world.twitch.goLive("ada");
      await world.until(async () => expect(await states()).toEqual(["live"]));
      world.twitch.endStream("ada");
      await world.until(async () => expect(await states()).toEqual(["ended"]));
      for (let n = 0; n < 60; n += 1) {
        world.pass(5 * MINUTE);
        await looks(1, SECOND * 121);
      }
      expect(world.twitch.calls.of("videos")).toBeLessThanOrEqual(6);
      expect(world.twitch.calls.of("videos")).toBeGreaterThanOrEqual(3);
    });

    it("ends nothing because Get Streams misses a stream once", async () => {
      world.twitch.goLive("ada", { viewers: 3 });
      await world.until(async () => expect(await states()).toEqual(["live"]));
      world.pass(4 * MINUTE);
      world.twitch.fault({ kind: "empty", operation: "streams", times: 1 });
      await looks(3, 61 * SECOND);
      expect(await states()).toEqual(["live"]);
      expect(await found("offline")).toBe(0);
    });

    it("believes the silence of Get Streams neither about a young stream nor about one that it still shows", async () => {
      world.twitch.stage.lag(2 * MINUTE, 2 * MINUTE);
      world.twitch.goLive("ada");
      await world.until(async () => expect(await states()).toEqual(["live"]));
      await looks(5, 20 * SECOND);
      expect(await states()).toEqual(["live"]);
      world.twitch.endStream("ada");
      await world.until(async () => expect(await states()).toEqual(["ended"]));
      // Get Streams shows it for two more minutes: it does not become live again.
      node.parts.hearing.changed();
      await looks(1, 61 * SECOND);
      expect(await states()).toEqual(["ended"]);
      expect(onlines()).toHaveLength(1);
    });

    it("finds an end that EventSub has lost, and says when it was", async () => {
      world.twitch.goLive("ada");
      await world.until(async () => expect(await states()).toEqual(["live"]));
      world.pass(4 * MINUTE);
      world.twitch.loseNextEvents(1, "stream.offline");
      world.twitch.endStream("ada");
      const endedAt = world.now();
      await looks(1, 2 * MINUTE);
      await looks(1, 61 * SECOND);
      await world.until(async () => expect(await states()).toEqual(["ended"]));
      expect(await found("offline")).toBe(1);
      const offline = node.applied.find(({ kind }) => kind === "offline");
      // The first of the two looks, not the second.
      expect((offline?.eventAt ?? 0) - endedAt).toBeLessThan(3 * MINUTE);
    });

    it("does not take the old title from Get Streams back that EventSub has just replaced", async () => {
      world.twitch.goLive("ada", { title: "New" });
      await world.until(async () => expect((await world.streams())[0]?.title).toBe("New"));
      // As Twitch's cache does: the event is out, the answer is of before.
      await node.parts.hearing.message({
        kind: "event",
        messageId: "newer",
        sentAt: world.now(),
        twitchId: "1001",
        heard: { type: "channel.update", title: "Newest", game: "", language: "en" },
      });
      await world.until(async () => expect((await world.streams())[0]?.title).toBe("Newest"));
      await looks(1, 2 * MINUTE);
      expect((await world.streams())[0]?.title).toBe("Newest");
      await looks(2, 2 * MINUTE);
      await world.until(async () => expect((await world.streams())[0]?.title).toBe("New"));
    });

    it("goes on after Twitch was away", async () => {
      world.twitch.fault({ kind: "error", operation: "streams" });
      world.twitch.loseNextEvents(10);
      world.twitch.goLive("ada");
      world.pass(2 * MINUTE);
      await world.until(async () =>
        expect(await node.metric('foyer_eventsub_looks_total{result="failed"}')).toBeGreaterThan(0),
      );
      expect(await states()).toEqual([]);
      world.twitch.clearFaults();
      await world.until(async () => {
        world.pass(5 * SECOND);
        expect(await states()).toEqual(["live"]);
      });
    });

    it("learns how people are called now", async () => {
      await node.stop();
      const ada = world.twitch.stage.person("ada");
      ada.displayName = "AdaLovelace";
      node = await world.node();
      const db = world.database.tables<{ broadcasters: { display_name: string } }>();
      await world.until(async () =>
        expect(await db.selectFrom("broadcasters").select("display_name").execute()).toEqual([
          { display_name: "AdaLovelace" },
        ]),
      );
      ada.displayName = "Ada";
    });
  });
});
