import type { Analytics, Delivery, Destination } from "@foyer/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AlertServices, AlertStage, StageSize } from "../support/alerts.stage.ts";
import { guildId, setStage, startAlertServices } from "../support/alerts.stage.ts";
import { type MovingClock, movingClock } from "../support/guild.house.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

const minute = 60_000;
const hour = 60 * minute;
const until = (check: () => Promise<void> | void, ms = 20_000) => vi.waitFor(check, { timeout: ms, interval: 30 });

describe.each(["sqlite", "postgres"] as const)("alerts of a whole server on %s", (engine) => {
  let clock: MovingClock;
  let services: AlertServices;
  let server: TestServer;
  beforeEach(async () => {
    clock = movingClock();
    services = await startAlertServices({ now: clock.now });
    server = await startTestServer({ engine, clock, env: services.env });
  });
  afterEach(async () => {
    const endedWell = await server.stop();
    await services.close();
    if (!endedWell) throw new Error("the server did not end well");
  });

  const stageOf = (size: StageSize) => setStage(() => server.url, services, size);
  const deliveries = async ({ owner }: AlertStage, guild = guildId) =>
    ((await owner.call("listDeliveries", [guild])).body as { items: Delivery[] }).items;
  /** Everything that Discord shows in the channel now. */
  const shown = (channelId: string) => {
    const [message, ...others] = services.discord.messages(channelId);
    expect(others).toEqual([]);
    return JSON.stringify([message?.content, message?.embeds]);
  };

  it("live, another title, the end: everywhere once, and changed as it changes", async () => {
    const { twitch, discord, receiver } = services;
    const stage = await stageOf({ channels: 2, rooms: 1, phones: 2, webhooks: 1 });
    const everywhere = [1, 1, 1, 1, 1, 1];
    twitch.goLive("ada", { title: "First moves", game: "Chess", viewers: 7 });
    await until(async () => expect(await stage.heardOf("First moves")).toEqual(everywhere));
    const live = (await stage.owner.call("listLive")).body as { items: { roomId: string }[] };
    expect(live.items).toMatchObject([{ roomId: stage.rooms[0], streamer: { login: "ada", live: { game: "Chess" } } }]);

    clock.advance(minute);
    twitch.changeChannel("ada", { title: "Second moves @everyone", game: "Go" });
    await until(async () => {
      for (const channel of stage.channels) expect(shown(channel)).toContain("Second moves");
      expect((await stage.said(stage.rooms[0] ?? ""))[0]).toContain("Second moves");
    });
    clock.advance(29 * minute);
    twitch.endStream("ada");
    await until(async () => {
      for (const channel of stage.channels) expect(shown(channel)).toContain("30");
      expect((await deliveries(stage)).every(({ state, nextTryAt }) => state === "sent" && nextTryAt === null)).toBe(
        true,
      );
    });
    expect(await stage.said(stage.rooms[0] ?? "")).toHaveLength(1);
    expect(discord.allMessages()).toHaveLength(2);
    for (const { pings, history } of discord.allMessages()) {
      for (const each of [pings, ...history.map((change) => change.pings)]) {
        expect(each).toMatchObject({ everyone: false, roles: [], users: [] });
      }
    }
    const hooked = () => receiver.taken("hook-0").map(({ body }) => (body as { type: string }).type);
    await until(() => expect(hooked().at(-1)).toBe("stream.offline"));
    expect(hooked()[0]).toBe("stream.online");
    // Phones rang for the beginning and for nothing after it.
    expect(services.push.taken()).toBe(2);

    const figures = (await stage.owner.call("getAnalytics", [guildId])).body as Analytics;
    expect(figures).toMatchObject({ alerts: 1, sent: 2, failed: 0, waiting: 0, failures: [] });
    expect(figures.latency.p50).toBeGreaterThanOrEqual(0);
    // What stands at a receiver is settled in the database a moment later.
    await until(async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toMatch(/foyer_alert_deliveries_total\{kind="discord",outcome="sent",reason="none"\} 2/);
      expect(metrics).toMatch(/foyer_alert_latency_seconds_count\{kind="push"\} 2/);
      expect(metrics).toMatch(/foyer_outbox_due\{outbox="alerts"\} 0/);
    });
  });

  it("a stream that flaps, and events that come again and in any order, make one alert", async () => {
    const { twitch, discord } = services;
    const stage = await stageOf({ channels: 1, phones: 1 });
    const [channel = ""] = stage.channels;
    twitch.eventsub.dispatch.duplicateNext(4);
    twitch.goLive("ada", { title: "On and off" });
    await until(async () => expect(await stage.heardOf("On and off")).toEqual([1, 1]));
    clock.advance(10 * minute);
    twitch.flap("ada");
    clock.advance(minute);
    // The offline is heard after the online that followed it.
    twitch.eventsub.dispatch.hold();
    twitch.flap("ada", { newId: true });
    twitch.eventsub.dispatch.release("reverse");
    await twitch.eventsub.dispatch.settled();
    for (const { messageId } of twitch.eventsub.dispatch.deliveries()) await twitch.eventsub.dispatch.resend(messageId);
    clock.advance(minute);
    twitch.changeChannel("ada", { title: "Still here" });
    await until(() => expect(shown(channel)).toContain("Still here"));
    expect(discord.allMessages()).toHaveLength(1);
    expect(await stage.heardOf("n")).toEqual([1, 1]);
    twitch.endStream("ada");
    await until(async () => {
      expect(discord.allMessages()[0]?.history.at(-1)?.kind).toBe("edit");
      expect((await deliveries(stage)).map(({ state, nextTryAt }) => [state, nextTryAt])).toEqual([["sent", null]]);
    });
    expect(discord.allMessages()).toHaveLength(1);
  });

  it("Discord down for an hour: everybody else hears at once, Discord afterwards, once", async () => {
    const { twitch, discord } = services;
    const stage = await stageOf({ channels: 12, rooms: 1, phones: 1 });
    discord.fault({ kind: "unavailable" });
    twitch.goLive("ada", { title: "Through the storm" });
    await until(async () => expect((await stage.heardOf("Through the storm")).slice(12)).toEqual([1, 1]));
    for (let step = 0; step < 12; step++) {
      clock.advance(5 * minute);
      // It is asked now and then whether the alert is there already, or takes it.
      const before = discord.calls.of();
      await until(() => expect(discord.calls.of()).toBeGreaterThan(before));
    }
    // Nobody manages a server while Discord cannot be asked who may; the figures say it all the same.
    expect((await stage.owner.call("listDeliveries", [guildId])).body).toMatchObject({ code: "provider.unavailable" });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/deliveries_total\{kind="discord",outcome="again",reason="outage"\} \d\d/);
    expect(metrics).not.toMatch(/kind="discord",outcome="failed",reason="\w+"\} [1-9]/);
    discord.clearFaults();
    clock.advance(5 * minute);
    await until(async () => expect(await stage.heardOf("Through the storm")).toEqual(Array(14).fill(1)));
    expect(discord.allMessages()).toHaveLength(12);
    await until(async () => {
      for (const { state, latencyMs } of await deliveries(stage)) {
        expect(state).toBe("sent");
        expect(latencyMs).toBeGreaterThan(hour);
      }
    });
  });

  it("answers that are lost on the way double nothing, neither soon nor after Discord has forgotten its nonces", async () => {
    const { twitch, discord } = services;
    const stage = await stageOf({ channels: 6, webhooks: 2, phones: 2 });
    discord.fault({ kind: "disconnect", operation: "message.create", times: 6, after: true });
    services.receiver.fault({ kind: "disconnect", operation: "hook", times: 2, after: true });
    services.push.fault({ kind: "disconnect", operation: "push", times: 2, after: true });
    twitch.goLive("ada", { title: "Did you get it" });
    await until(() => expect(discord.calls.of("message.create")).toBeGreaterThanOrEqual(6));
    await until(async () =>
      expect((await deliveries(stage)).some(({ state, reason }) => state === "waiting" && reason !== null)).toBe(true),
    );
    clock.advance(10 * minute);
    await until(async () => {
      expect(await stage.heardOf("Did you get it")).toEqual(Array(10).fill(1));
      for (const guild of [guildId, "here"]) {
        for (const { state, nextTryAt } of await deliveries(stage, guild))
          expect([state, nextTryAt]).toEqual(["sent", null]);
      }
    });
    expect(discord.allMessages()).toHaveLength(6);
  });

  it("a storm of 429s is sat out, and nothing is lost in it", async () => {
    const { twitch, discord } = services;
    const stage = await stageOf({ channels: 30 });
    discord.fault({ kind: "limited", operation: "message.create", every: 2, times: 30, ms: 200 });
    discord.fault({ kind: "limited_global", operation: "message.create", times: 2, ms: 300 });
    twitch.goLive("ada", { title: "In the storm" });
    await until(async () => {
      // Waiting is simulated, too.
      clock.advance(1_000);
      expect(await stage.heardOf("In the storm")).toEqual(Array(30).fill(1));
    }, 60_000);
    expect(discord.allMessages()).toHaveLength(30);
    await until(async () => expect((await deliveries(stage)).every(({ state }) => state === "sent")).toBe(true));
  });

  it("a channel that is gone is switched off, its owner told, and the others hear all the same", async () => {
    const { twitch, discord } = services;
    const stage = await stageOf({ channels: 3 });
    const [gone = "", locked = "", open = ""] = stage.channels;
    discord.world.deleteChannel(gone);
    discord.world.overwrite(locked, { deny: ["sendMessages"] });
    twitch.goLive("ada", { title: "Who is left" });
    await until(async () => {
      const { body } = await stage.owner.call("listDestinations", [guildId]);
      const all = (body as { items: Destination[] }).items;
      expect(all.map(({ enabled, offReason }) => [enabled, offReason])).toEqual([
        [false, "channel_gone"],
        [false, "no_permission"],
        [true, null],
      ]);
    });
    await until(() => expect(shown(open)).toContain("Who is left"));
    const failed = ((await stage.owner.call("listDeliveries", [guildId])).body as { items: Delivery[] }).items;
    expect(failed.map(({ state, reason }) => `${state} ${reason}`).toSorted()).toEqual([
      "failed gone",
      "failed permission",
      "sent null",
    ]);
    await until(async () => {
      const { body } = await stage.owner.call("listAudit");
      const told = (body as { items: { action: string }[] }).items;
      expect(told.filter(({ action }) => action === "destination.switched_off")).toHaveLength(2);
    });

    // Mended and switched on again, what failed can be sent after all.
    discord.world.overwrite(locked, { allow: ["sendMessages"] });
    const [, second] = stage.destinations;
    await stage.owner.call("updateDestination", [guildId, second?.destinationId ?? ""], { enabled: true });
    const toMend = failed.find(({ destinationId }) => destinationId === second?.destinationId);
    const retried = await stage.owner.call("retryDelivery", [guildId, toMend?.deliveryId ?? ""]);
    expect(retried.status).toBe(200);
    await until(() => expect(shown(locked)).toContain("Who is left"));
    expect((await stage.owner.call("retryDelivery", [guildId, toMend?.deliveryId ?? ""])).body).toMatchObject({
      code: "delivery.not_failed",
    });
  });
});
