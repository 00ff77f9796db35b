import { expect, test } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import { createMetrics } from "../../../src/platform/metrics/metrics.ts";
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

  test("an answer that comes after the lease counts no more; the next worker knows that a post may be there", async () => {
    const h = await house();
    const late = h.newWorker(createMetrics({ process: false }));
    await h.worker.drain();
    const begun = h.clock.now();
    await h.online("1", "s1");
    const claim = { lane: "discord", leaseUntil: begun + minute, limit: 5 };
    const [stale] = await h.queue.claim({ ...claim, now: begun });
    expect(stale).toMatchObject({ fence: 1, uncertainSince: null, stage: null });
    expect(await h.queue.claim({ ...claim, now: begun + minute - 1 })).toEqual([]);
    h.clock.advance(minute);
    late.start();
    await h.settled(late);
    await late.drain();
    expect(h.receiver.calls).toMatchObject([
      { step: "post", what: { uncertainSince: begun, revision: 1 } },
      { step: "edit", what: { uncertainSince: null, revision: 2 } },
    ]);
    const result = {
      step: "post",
      stage: "live",
      reason: null,
      off: null,
      laterAt: null,
      at: begun,
      durationMs: 1,
    } as const;
    const outcome = { kind: "done", externalId: "stale", url: null, status: 200 } as const;
    if (stale === undefined) throw new Error("nothing was claimed");
    const settlement = { job: stale, kind: "done", result: { ...result, outcome }, dueAt: null } as const;
    expect(await h.queue.settle([settlement], h.clock.now())).toEqual([false]);
    expect(await h.queue.renew([stale], h.clock.now() + hour)).toEqual(new Set());
    // It may have been the last to arrive: what stands there is written once more.
    late.start();
    await h.settled(late);
    await late.drain();
    expect(h.receiver.calls.map(({ step, what }) => [step, what.revision])).toEqual([
      ["post", 1],
      ["edit", 2],
      ["edit", 3],
    ]);
    expect(await h.deliveries()).toMatchObject([{ external_id: "m0", fence: 4, attempts: 3 }]);
  });

  test("a send that takes its time keeps its lease, also when more comes up", async () => {
    const h = await house();
    let release = () => {};
    h.receiver.script = () =>
      new Promise((resolve) => {
        release = () => resolve(undefined);
      });
    await h.online("1", "s1", { title: "A" });
    while (h.receiver.calls.length === 0) await h.worker.poll();
    for (let second = 0; second < 40; second++) {
      h.clock.advance(1_000);
      await h.worker.poll();
      if (second === 20) await h.event("1", { kind: "details", details: { title: "B" } });
    }
    expect(h.receiver.calls).toHaveLength(1);
    h.receiver.script = () => undefined;
    release();
    await h.settled();
    h.clock.advance(minute);
    await h.settled();
    expect(h.receiver.shown("d")).toEqual(["live user_1 in g: B () ?"]);
    expect(h.receiver.calls.map(({ step }) => step)).toEqual(["post", "edit"]);
    expect(await h.deliveries()).toMatchObject([{ fence: 2, attempts: 2 }]);
  });

  test("phones ring once for a stream, and not again when it goes on or ends", async () => {
    const h = await house();
    await h.destination("g", "p", { kind: "push" });
    h.devices.set("g", ["phone", "browser"]);
    await h.online("1", "s1");
    await h.settled();
    h.clock.advance(minute);
    await h.event("1", { kind: "offline" });
    h.clock.advance(minute);
    h.devices.set("g", ["phone", "browser", "new"]);
    await h.online("1", "s2", { title: "B" });
    await h.settled();
    await h.event("1", { kind: "offline" });
    await h.settled();
    const rung = h.receiver.calls.filter(({ target }) => target.destinationId === "p");
    expect(rung.map(({ step, target }) => [step, target.recipient])).toEqual([
      ["post", "phone"],
      ["post", "browser"],
      ["post", "new"],
    ]);
    expect((await h.deliveries()).filter(({ kind }) => kind === "push").map(({ head }) => head)).toEqual([1, 0, 0]);
  });

  test("an override silences a destination for one broadcaster, and chooses who is mentioned", async () => {
    const h = await house({ mention: JSON.stringify({ kind: "role", roleId: "111111111111111111" }) });
    await h.guild("g", "2");
    const mention = JSON.stringify({ kind: "role", roleId: "222222222222222222" });
    const override = { destination_id: "d", template: null, mention: null };
    await h.tables
      .insertInto("overrides")
      .values([
        { ...override, broadcaster_id: "b1", enabled: 1, mention },
        { ...override, broadcaster_id: "b2", enabled: 0 },
      ])
      .execute();
    await h.online("1", "s1");
    await h.online("2", "s2");
    await h.settled();
    expect(h.receiver.messages.map(({ text, mentionRoleId }) => [text.slice(0, 11), mentionRoleId])).toEqual([
      ["live user_1", "222222222222222222"],
    ]);
  });

  test("a post whose answer was lost is made once, and then says what is so now", async () => {
    const h = await house();
    h.receiver.script = () => "lost";
    await h.online("1", "s1", { title: "old" });
    await h.settled();
    h.receiver.script = () => undefined;
    await h.event("1", { kind: "details", details: { title: "new" } });
    h.clock.advance(minute);
    await h.settled();
    expect(h.receiver.messages.map(({ text }) => text)).toEqual(["live user_1 in g: new () ?"]);
    expect(h.receiver.calls.map(({ step }) => step)).toEqual(["post", "post", "edit"]);
  });

  test("a change has one number however often it is tried, and what came up meanwhile another", async () => {
    const h = await house();
    await h.online("1", "s1", { title: "A" });
    await h.settled();
    h.clock.advance(minute);
    h.receiver.script = () => "lost";
    await h.event("1", { kind: "details", details: { title: "B" } });
    await h.settled();
    h.clock.advance(minute);
    await h.settled();
    await h.event("1", { kind: "details", details: { title: "C" } });
    h.receiver.script = () => undefined;
    h.clock.advance(minute);
    await h.settled();
    const said = h.receiver.calls.map(({ what }) => [what.revision, what.message.content.split(" ")[4]]);
    expect(said).toEqual([
      [1, "A"],
      [2, "B"],
      [2, "B"],
      [3, "C"],
    ]);
    expect((await h.deliveries()).map(({ edits }) => edits)).toEqual([1]);
  });

  test("two workers side by side send everything once", async () => {
    const h = await house();
    for (let channel = 0; channel < 150; channel++) await h.destination("g", `c${channel}`);
    const second = h.newWorker(createMetrics({ process: false }));
    second.start();
    await h.online("1", "s1");
    await h.settled();
    await second.drain();
    expect(h.receiver.calls).toHaveLength(151);
    expect(new Set(h.receiver.calls.map(({ what }) => what.deliveryId)).size).toBe(151);
    expect(await h.tables.selectFrom("attempts").select("delivery_id").execute()).toHaveLength(151);
  });
});
