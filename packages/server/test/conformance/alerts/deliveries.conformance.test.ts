import { expect, test } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import { holdRestoredAlerts } from "../../../src/modules/alerts/deliveries/restored.sql.ts";
import { type AlertHouse, alertHouse, hour, minute } from "../../support/alerts.house.ts";
import { eachEngine } from "../../support/engines.ts";

eachEngine((_engine, open) => {
  /** A guild `g` with the channel `d`, which announces the broadcaster 1, and a worker that works. */
  async function house(chosen: Parameters<AlertHouse["guild"]>[2] = {}): Promise<AlertHouse> {
    const made = alertHouse(await open([alertsSchema]));
    await made.guild("g", "1", chosen);
    await made.destination("g", "d");
    made.worker.start();
    return made;
  }

  test("a stream is announced once, changed when its title changes, and becomes a recap when it ends", async () => {
    const h = await house();
    await h.destination("g", "e", { kind: "webhook", mention: { kind: "role", roleId: "123456789012345678" } });
    await h.online("1", "s1", { title: "A", game: "Chess" });
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: A (Chess) ?"]);
    expect(h.receiver.shown("e")).toEqual(["live user_1 in g: A (Chess) ?"]);

    h.clock.advance(10 * minute);
    await h.event("1", { kind: "details", details: { title: "B" } });
    await h.event("1", { kind: "online", twitchStreamId: "s1", startedAt: h.clock.now() - 10 * minute, details: {} });
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: B (Chess) ?"]);

    h.clock.advance(20 * minute);
    await h.event("1", { kind: "offline" });
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["ended user_1 in g: B (Chess) after 30 min, peak ?, no recording"]);

    h.clock.advance(5 * minute);
    await h.event("1", { kind: "recording", twitchStreamId: "s1", vodUrl: "https://vod" });
    await h.event("1", { kind: "details", details: { title: "of the next" } });
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["ended user_1 in g: B (Chess) after 30 min, peak ?, https://vod"]);
    expect(h.receiver.messages).toHaveLength(2);
    expect(h.receiver.calls).toHaveLength(8);
  });

  test("a guild that begins to announce somebody who is live gets the alert that it has missed, once", async () => {
    const h = await house();
    await h.streams.join("g", "b1");
    expect(await h.deliveries()).toEqual([]);
    await h.online("1", "s1", { title: "A", game: "Chess" });
    await h.settled();
    h.clock.advance(hour);
    await h.guild("late", "1");
    await h.destination("late", "e");
    await h.destination("late", "off", { enabled: false });
    for (const guildId of ["late", "late", "g"]) await h.streams.join(guildId, "b1");
    await h.settled();
    expect(h.receiver.messages.map(({ destinationId }) => destinationId)).toEqual(["d", "e"]);
    expect(h.receiver.shown("e")).toEqual(["live user_1 in late: A (Chess) ?"]);
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("e")[0]).toContain("ended user_1 in late");
    h.clock.advance(hour);
    await h.streams.join("late", "b1");
    await h.settled();
    expect(h.receiver.messages).toHaveLength(2);
  });

  test("after a restore nothing is posted that may have been posted before, until somebody asks for it", async () => {
    const h = await house();
    await h.destination("g", "e");
    h.receiver.script = ({ target }) =>
      target.destinationId === "e" ? { kind: "again", reason: "outage", status: 503 } : undefined;
    await h.online("1", "s1", { title: "A", game: "Chess" });
    await h.settled();
    h.receiver.script = () => undefined;
    await holdRestoredAlerts(h.db, h.clock.now());
    h.clock.advance(hour);
    await h.settled();
    expect(h.receiver.shown("e")).toEqual([]);
    await holdRestoredAlerts(h.db, h.clock.now());
    // What is known to be there goes on.
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("d")[0]).toContain("ended user_1");

    // One that began in between, and is found by asking.
    const [startedAt, details] = [h.clock.now() - minute, { title: "B", game: "Go" }];
    await h.event("1", { kind: "online", twitchStreamId: "s2", startedAt, eventAt: startedAt, details });
    await h.settled();
    expect(h.receiver.messages).toHaveLength(1);
    const held = (await h.deliveries()).filter(({ state }) => state === "failed");
    expect(held.map(({ reason }) => reason)).toEqual(["too_late", "too_late", "too_late"]);
    h.clock.advance(hour);
    await h.event("1", { kind: "offline" });
    h.clock.advance(hour);
    await h.online("1", "s3", { title: "C", game: "Go" });
    await h.settled();
    expect(h.receiver.messages).toHaveLength(3);
  });

  test("details complete an alert once; afterwards viewers alone change nothing, but the peak is in the recap", async () => {
    const h = await house();
    const seen = (viewers: number) =>
      h.event("1", { kind: "details", twitchStreamId: "s1", details: { title: "A", game: "Go", viewers } });
    await h.online("1", "s1", { title: "A", game: "Go" });
    await h.settled();
    h.clock.advance(10_000);
    await seen(5);
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: A (Go) 5"]);
    for (const viewers of [90, 40]) {
      h.clock.advance(minute);
      await seen(viewers);
      await h.settled();
    }
    expect(h.receiver.messages.map(({ edits }) => edits)).toEqual([1]);
    expect((await h.deliveries()).map(({ edits }) => edits)).toEqual([0]);
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("d")[0]).toContain("peak 90");
  });

  test("changes of the title are shown not too often and not without end", async () => {
    const h = await house({ max_edits: 2 });
    await h.online("1", "s1", { title: "0" });
    await h.settled();
    for (let title = 1; title <= 3; title++) {
      h.clock.advance(1_000);
      await h.event("1", { kind: "details", details: { title: String(title) } });
      await h.settled();
    }
    expect(h.receiver.calls).toHaveLength(1);
    h.clock.advance(minute);
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: 3 () ?"]);
    for (let title = 4; title <= 7; title++) {
      h.clock.advance(minute);
      await h.event("1", { kind: "details", details: { title: String(title) } });
      await h.settled();
    }
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: 4 () ?"]);
    expect(h.receiver.calls).toHaveLength(3);
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("d")[0]).toMatch(/^ended user_1 in g: 7 /);
  });

  test("an interruption brings the alert back to live: the same stream always, a new one within the window", async () => {
    const h = await house({ reannounce_minutes: 10 });
    await h.guild("short", "1", { reannounce_minutes: 2 });
    await h.destination("short", "s");
    await h.online("1", "s1", { title: "A" });
    await h.settled();
    h.clock.advance(30 * minute);
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("d")[0]).toMatch(/^ended /);
    h.clock.advance(15 * minute);
    await h.event("1", { kind: "online", twitchStreamId: "s1", startedAt: h.clock.now() - 45 * minute, details: {} });
    await h.settled();
    expect(h.receiver.messages.map(({ text }) => text.slice(0, 4))).toEqual(["live", "live"]);

    h.clock.advance(15 * minute);
    await h.event("1", { kind: "details", twitchStreamId: "s1", details: { viewers: 70 } });
    await h.event("1", { kind: "offline" });
    await h.settled();
    h.clock.advance(5 * minute);
    await h.online("1", "s2", { title: "B" });
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: B () ?"]);
    expect(h.receiver.shown("s").map((text) => text.slice(0, 5))).toEqual(["ended", "live "]);
    h.clock.advance(10 * minute);
    await h.event("1", { kind: "offline" });
    await h.settled();
    // The one alert tells of both streams; the other guild was told twice.
    expect(h.receiver.shown("d")).toEqual(["ended user_1 in g: B () after 75 min, peak 70, no recording"]);
    expect(h.receiver.shown("s")[1]).toBe("ended user_1 in short: B () after 10 min, peak ?, no recording");
    expect(h.receiver.messages).toHaveLength(3);
  });

  test("at the end an alert is kept or deleted as was chosen, deleted when it can no longer go on", async () => {
    const h = await house({ end_action: "delete", reannounce_minutes: 10 });
    await h.destination("g", "kept", { endAction: "keep" });
    await h.destination("g", "told", { endAction: "recap" });
    await h.online("1", "s1", { title: "A" });
    await h.settled();
    h.clock.advance(hour);
    await h.event("1", { kind: "offline" });
    await h.settled();
    expect(h.receiver.shown("d")[0]).toMatch(/^ended /);
    expect(h.receiver.shown("kept")[0]).toMatch(/^live /);
    h.clock.advance(9 * minute);
    await h.online("1", "s2");
    await h.settled();
    expect(h.receiver.shown("d")[0]).toMatch(/^live /);
    await h.event("1", { kind: "offline" });
    h.clock.advance(10 * minute);
    await h.settled();
    expect(h.receiver.shown("d")).toEqual([]);
    expect(h.receiver.shown("told")[0]).toMatch(/^ended /);
    expect(h.receiver.shown("kept")).toHaveLength(1);
    expect((await h.deliveries()).map(({ stage, due_at }) => [stage, due_at])).toEqual([
      ["deleted", null],
      ["live", null],
      ["ended", null],
    ]);
  });

  test("an offline that is heard before its online makes a recap and no lie; what is long over is only recorded", async () => {
    const h = await house();
    const startedAt = h.clock.now();
    h.clock.advance(20 * minute);
    await h.event("1", { kind: "offline" });
    await h.event("1", {
      kind: "online",
      twitchStreamId: "s1",
      startedAt,
      eventAt: startedAt,
      details: { title: "A" },
    });
    await h.settled();
    expect(h.receiver.messages.map(({ text, mentionRoleId }) => [text, mentionRoleId])).toEqual([
      ["ended user_1 in g: A () after 20 min, peak ?, no recording", null],
    ]);
    h.clock.advance(4 * hour);
    const begun = h.clock.now() - 200 * minute;
    await h.event("1", { kind: "offline", eventAt: begun + 10 * minute });
    await h.event("1", { kind: "online", twitchStreamId: "s2", startedAt: begun, eventAt: begun, details: {} });
    await h.settled();
    expect(h.receiver.messages).toHaveLength(1);
    expect((await h.deliveries()).map(({ state, reason }) => [state, reason])).toEqual([
      ["sent", null],
      ["failed", "too_late"],
    ]);
  });

  test("after an outage of an hour the alert is there within five minutes, once", async () => {
    const h = await house();
    h.receiver.script = () => ({ kind: "again", reason: "outage", status: 503 });
    await h.online("1", "s1", { title: "A" });
    for (let step = 0; step < 60; step++) {
      await h.settled();
      h.clock.advance(minute);
    }
    const tries = h.receiver.calls.length;
    // Half of the longest pause on average, and never a storm.
    expect(tries).toBeGreaterThan(12);
    expect(tries).toBeLessThan(61);
    h.receiver.script = () => undefined;
    h.clock.advance(5 * minute);
    await h.settled();
    expect(h.receiver.shown("d")).toHaveLength(1);
    const [row] = await h.deliveries();
    // A try may have got there although nobody said so: what stands there is written anew.
    expect(row).toMatchObject({ state: "sent", attempts: tries + 2, tries: 0, latency_ms: 65 * minute, reason: null });
    expect(row?.uncertain_since).toBe(null);
  });

  test("a receiver that names a time is not asked before it; a delivery is given up after twelve hours", async () => {
    const h = await house();
    h.receiver.script = () => ({ kind: "again", reason: "rate_limited", status: 429, retryAfterMs: 10 * minute });
    await h.online("1", "s1");
    await h.settled();
    h.clock.advance(10 * minute - 1);
    // News of the stream do not make it impatient.
    await h.event("1", { kind: "details", twitchStreamId: "s1", details: { viewers: 3 } });
    await h.settled();
    expect(h.receiver.calls).toHaveLength(1);
    h.clock.advance(1_001);
    await h.settled();
    expect(h.receiver.calls).toHaveLength(2);
    // It was refused for certain: nobody has to look whether it is there.
    expect(h.receiver.calls[1]?.what.uncertainSince).toBe(null);
    h.clock.advance(12 * hour);
    await h.settled();
    expect(h.receiver.calls).toHaveLength(2);
    expect(await h.deliveries()).toMatchObject([{ state: "failed", reason: "too_late", due_at: null }]);
  });

  test("a destination that is gone is switched off, and nothing else is sent there", async () => {
    const h = await house();
    await h.guild("g", "2");
    h.receiver.script = ({ target }) =>
      target.destinationId === "d" ? { kind: "failed", reason: "gone", status: 404, off: "channel_gone" } : undefined;
    await h.destination("g", "other");
    await h.online("1", "s1");
    await h.settled();
    expect(h.switchedOff).toEqual(["off"]);
    await h.online("2", "s2");
    await h.settled();
    expect(h.receiver.calls.filter(({ target }) => target.destinationId === "d")).toHaveLength(1);
    expect(h.receiver.shown("other")).toHaveLength(2);
    const [destination] = await h.tables.selectFrom("destinations").selectAll().where("name", "=", "d").execute();
    expect(destination).toMatchObject({ enabled: 0, off_reason: "channel_gone", off_notice: 1 });
    expect(await h.tables.selectFrom("attempts").selectAll().where("outcome", "=", "failed").execute()).toMatchObject([
      { what: "post", reason: "gone", status: 404 },
    ]);
  });

  test("what waits for a destination that was switched off meanwhile ends without asking", async () => {
    const h = await house();
    h.receiver.script = () => ({ kind: "again", reason: "outage", status: null });
    await h.online("1", "s1");
    await h.settled();
    await h.tables.updateTable("destinations").set({ enabled: 0 }).execute();
    h.clock.advance(10 * minute);
    await h.settled();
    expect(h.receiver.calls).toHaveLength(1);
    expect(await h.deliveries()).toMatchObject([{ state: "failed", reason: "destination_off" }]);
  });

  test("a change while a post is under way is shown after it", async () => {
    const h = await house();
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      h.receiver.script = async ({ step }) => {
        if (step !== "post") return undefined;
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        return undefined;
      };
    });
    await h.online("1", "s1", { title: "old" });
    await arrived;
    await h.event("1", { kind: "offline" });
    release();
    await h.settled();
    expect(h.receiver.messages.map(({ text, edits }) => [text.slice(0, 5), edits])).toEqual([["ended", 1]]);
  });
});
