import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertsSchema } from "../../src/modules/alerts/alerts.schema.ts";
import { eachEngine } from "../support/engines.ts";
import { createHearingWorld, type HearingNode, type HearingWorld } from "../support/hearing.world.ts";

const SECRET = "only for tests";
const MINUTE = 60_000;

eachEngine((_engine, open) => {
  describe("hearing Twitch by webhook", () => {
    let world: HearingWorld;
    let node: HearingNode;
    beforeEach(async () => {
      world = await createHearingWorld(await open([alertsSchema]));
      await world.announce("ada");
      node = await world.node();
      await subscribed();
    });
    afterEach(() => world.stop());

    const { until } = { until: (check: () => void | Promise<void>) => world.until(check) };
    const subscriptions = () => world.twitch.eventsub.subscriptions.all();
    const subscribed = (count = 3) =>
      world.until(async () => {
        expect(subscriptions().map(({ status }) => status)).toEqual(Array.from({ length: count }, () => "enabled"));
        expect((await node.parts.hearing.status()).state).toBe("ok");
      });
    const dispatch = () => world.twitch.eventsub.dispatch;
    const messageOf = (type: string) => {
      const found = dispatch()
        .deliveries()
        .findLast((each) => each.type === type);
      if (found === undefined) throw new Error(`nothing of ${type} was sent`);
      return found;
    };
    const states = async () => (await world.streams()).map(({ state }) => state);
    /** A message as Twitch would send it, with something exchanged, signed by `key`. */
    function forge({ key = SECRET, id = "forged", at = world.now(), body = online() }) {
      const { webhooks } = world.twitch.eventsub;
      const target = { callback: `${node.url}/webhooks/twitch`, secret: key };
      const message = webhooks.message("notification", { type: "stream.online", version: "1" }, {});
      const request = webhooks.request(target, {
        ...message,
        messageId: id,
        timestamp: new Date(at).toISOString(),
        body,
      });
      return (over: Record<string, string> = {}, text = request.body) =>
        fetch(target.callback, { method: "POST", headers: { ...request.headers, ...over }, body: text });
    }
    const online = (more: object = {}) =>
      JSON.stringify({
        subscription: { id: "sub", type: "stream.online", version: "1", status: "enabled" },
        event: {
          id: "999",
          broadcaster_user_id: "1001",
          type: "live",
          started_at: "2026-11-01T10:00:00Z",
          ...more,
        },
      });

    it("subscribes for who is announced, answers the challenge, and tells what it heard", async () => {
      expect(
        subscriptions()
          .map(({ type, version }) => `${type} ${version}`)
          .sort(),
      ).toEqual(["channel.update 2", "stream.offline 1", "stream.online 1"]);
      expect(await node.parts.hearing.status()).toEqual({
        configured: true,
        transport: "webhook",
        state: "ok",
        problem: null,
        eventSubSubscriptions: 3,
      });
      const stream = world.twitch.goLive("ada", { title: "Hello", game: "Chess", viewers: 5 });
      await until(async () => expect(await world.streams()).toMatchObject([{ id: stream.id, state: "live" }]));
      const first = node.applied.find(({ kind }) => kind === "online");
      // Twitch's event says neither; the channel was asked before the alert went out.
      expect(first).toMatchObject({
        twitchId: "1001",
        twitchStreamId: stream.id,
        details: { title: "Hello", game: "Chess", language: "en" },
      });
      world.twitch.changeChannel("ada", { title: "Endgames" });
      await until(async () => expect((await world.streams())[0]?.title).toBe("Endgames"));
      world.twitch.endStream("ada");
      await until(async () => expect(await states()).toEqual(["ended"]));
      await dispatch().settled();
      expect(
        dispatch()
          .deliveries()
          .every(({ tries }) => tries.at(-1) === 204),
      ).toBe(true);
    });

    it("takes an event once that Twitch sends again, at the same time or later", async () => {
      dispatch().duplicateNext(1);
      world.twitch.goLive("ada");
      await until(async () => expect(await states()).toEqual(["live"]));
      await dispatch().settled();
      const { messageId } = messageOf("stream.online");
      expect(await Promise.all([1, 2, 3].map(() => dispatch().resend(messageId)))).toEqual([204, 204, 204]);
      expect((await world.inbox()).filter((row) => row.messageId === messageId)).toHaveLength(1);
      expect(node.applied.filter(({ kind }) => kind === "online")).toHaveLength(1);
      expect(await node.metric('foyer_inbox_events_total{type="stream.online",result="duplicate"}')).toBeGreaterThan(2);
    });

    it("believes nothing that is forged, changed, replayed too late or from the future, and keeps no trace of it", async () => {
      const good = forge({});
      const before = await world.inbox();
      const refused = [
        await forge({ key: "another secret" })(),
        await good({ "twitch-eventsub-message-id": "another" }),
        await good({}, online({ broadcaster_user_id: "1002" })),
        await good({ "twitch-eventsub-message-signature": "sha256=" }),
        await forge({ at: world.now() - 10 * MINUTE - 1000 })(),
        await forge({ at: world.now() + 11 * MINUTE })(),
        await fetch(`${node.url}/webhooks/twitch`, { method: "POST", body: online() }),
      ];
      expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 403, 403, 401]);
      expect(await refused[0]?.json()).toMatchObject({ code: "webhook.signature_invalid" });
      expect(await refused[4]?.json()).toMatchObject({ code: "webhook.too_old" });
      expect(await world.inbox()).toEqual(before);
      expect(node.security).toEqual([
        ...Array.from({ length: 4 }, () => "signature.refused mismatch"),
        "signature.refused too_old",
        "signature.refused too_old",
        "signature.refused missing",
      ]);
      // A forged message with the id of a good one must not keep the good one out.
      expect((await good()).status).toBe(204);
      expect((await good()).status).toBe(204);
      expect((await world.inbox()).filter(({ messageId }) => messageId === "forged")).toHaveLength(1);
    });

    it("stores nothing of ids that could do harm, even with a good signature, and bounds the body", async () => {
      const before = await world.inbox();
      const poisoned = ["x".repeat(200), "a b", "'; drop table inbox; --"];
      for (const id of poisoned) expect((await forge({ id })()).status).toBe(204);
      expect((await forge({ body: online({ broadcaster_user_id: "1' or 1=1" }) })()).status).toBe(204);
      expect((await forge({ id: "odd", body: "{" })()).status).toBe(204);
      expect(await world.inbox()).toEqual(before);
      const large = await forge({ body: JSON.stringify({ more: "x".repeat(70_000) }) })();
      expect(large.status).toBe(413);
      expect(await large.json()).toMatchObject({ code: "request.too_large" });
    });

    it("stores first: an event that cannot be applied is tried until it can", async () => {
      await node.stop();
      let failures = 4;
      node = await world.node({
        port: Number(new URL(node.url).port),
        async apply(event, next) {
          if (event.kind === "online" && failures-- > 0) throw new Error("the database is away");
          await next(event);
        },
      });
      world.twitch.goLive("ada");
      await until(async () => {
        world.pass(1000);
        expect(await states()).toEqual(["live"]);
      });
      const { messageId, tries } = messageOf("stream.online");
      expect(tries).toEqual([204]);
      await until(async () => expect(await world.inbox()).toContainEqual({ messageId, state: "done" }));
    });

    it("posts with what it knows when Twitch does not say in time what the stream is called", async () => {
      world.twitch.stage.lag(10 * MINUTE);
      world.twitch.fault({ kind: "timeout", operation: "channels" });
      world.twitch.goLive("ada", { title: "Hello" });
      await until(() => expect(node.applied).toContainEqual(expect.objectContaining({ kind: "online", details: {} })));
    });

    it("ignores what is no going live", async () => {
      expect((await forge({ id: "rerun", body: online({ type: "rerun" }) })()).status).toBe(204);
      await until(async () => expect(await world.inbox()).toContainEqual({ messageId: "rerun", state: "done" }));
      expect(await world.streams()).toEqual([]);
    });

    it("subscribes again for what Twitch has ended, and takes away what is surplus", async () => {
      const before = new Set(subscriptions().map(({ id }) => id));
      await world.twitch.revokeSubscriptions("ada", "notification_failures_exceeded");
      await until(() => {
        const living = subscriptions().filter(({ status }) => status === "enabled");
        expect(living).toHaveLength(3);
        expect(living.some(({ id }) => before.has(id))).toBe(false);
        expect(subscriptions()).toHaveLength(3);
      });
      // Another installation of the same application keeps what is its own.
      const foreign = { method: "webhook", callback: "https://other.example/webhooks/twitch", secret: SECRET } as const;
      const [first] = subscriptions();
      if (first === undefined) throw new Error("there is none");
      const theirs = world.twitch.eventsub.subscriptions.add({ ...first, transport: foreign, status: "enabled" });
      await world.announce("bo_live");
      node.parts.hearing.changed();
      await subscribed(7);
      const db = world.database.tables<{ guild_broadcasters: { broadcaster_id: string } }>();
      await db.deleteFrom("guild_broadcasters").where("broadcaster_id", "=", "broadcaster-1001").execute();
      // Nobody tells: the difference itself is noticed.
      world.pass(10_000);
      await until(() =>
        expect(subscriptions().filter(({ condition }) => condition["broadcaster_user_id"] === "1001")).toEqual([
          theirs,
        ]),
      );
      expect(subscriptions()).toHaveLength(4);
    });

    it("subscribes anew under another secret, and believes the old one no longer", async () => {
      await node.stop();
      const old = subscriptions().map(({ id }) => id);
      node = await world.node({ port: Number(new URL(node.url).port), secret: "another secret" });
      await world.until(async () => {
        expect(subscriptions().filter(({ id }) => old.includes(id))).toEqual([]);
        expect(subscriptions().map(({ status }) => status)).toEqual(["enabled", "enabled", "enabled"]);
      });
      world.twitch.goLive("ada");
      await until(async () => expect(await states()).toEqual(["live"]));
      expect((await forge({})()).status).toBe(401);
    });

    it("moves to another address without a moment in which nobody is told", async () => {
      const old = subscriptions().map(({ id }) => id);
      await node.stop();
      let least = 3;
      node = await world.node();
      await world.until(() => {
        const living = subscriptions().filter(({ status }) => status !== "webhook_callback_verification_failed");
        least = Math.min(least, living.length);
        expect(subscriptions().filter(({ id }) => old.includes(id))).toEqual([]);
      });
      await subscribed();
      expect(least).toBe(3);
    });

    it("says what is wrong when Twitch refuses", async () => {
      world.twitch.fault({ kind: "error", operation: "subscriptions.list" });
      node.parts.hearing.changed();
      await until(async () => {
        const { state, problem } = await node.parts.hearing.status();
        expect({ state, problem }).toEqual({ state: "failing", problem: "Twitch does not answer at the moment." });
      });
      world.twitch.clearFaults();
      await until(async () => {
        world.pass(MINUTE);
        expect((await node.parts.hearing.status()).problem).toBeNull();
      });
    });

    it("goes on with another token after Twitch has ended the application's", async () => {
      world.twitch.appTokens.expireAll();
      await world.announce("bo_live");
      node.parts.hearing.changed();
      await subscribed(6);
    });
  });
});
