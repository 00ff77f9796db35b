import type { Analytics } from "@foyer/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import { createAnalyticsStore } from "../../../src/modules/alerts/deliveries/analytics.store.sql.ts";
import { createAnalytics } from "../../../src/modules/alerts/deliveries/analytics.ts";
import { createHistoryStore } from "../../../src/modules/alerts/deliveries/history.store.sql.ts";
import { createHistory } from "../../../src/modules/alerts/deliveries/history.ts";
import { createOffNoticesStore } from "../../../src/modules/alerts/deliveries/off.notices.sql.ts";
import { createOffNotices, type OwnerNotice } from "../../../src/modules/alerts/deliveries/off.notices.ts";
import type { GuildAccess } from "../../../src/modules/alerts/guilds/guild.access.port.ts";
import { auditSchema } from "../../../src/platform/audit/audit.schema.ts";
import { createAudit } from "../../../src/platform/audit/audit.sql.ts";
import type { Caller } from "../../../src/platform/caller/caller.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { AppError } from "../../../src/platform/errors/app.error.ts";
import { type AlertHouse, alertHouse, minute } from "../../support/alerts.house.ts";
import { eachEngine } from "../../support/engines.ts";

const ada: Caller = { kind: "anonymous", addressHash: "ada" };
const day = 86_400_000;

/** Lets everybody manage the guild `g`, and nobody another. */
const access: GuildAccess = {
  async manage(_caller, guildId) {
    if (guildId !== "g") throw new AppError("guild.forbidden", "Not yours.");
    return { accountId: "ada", guildName: guildId };
  },
  managed: async () => ["g"],
  joined: async () => ["g"],
};

function house(db: Database) {
  const h = alertHouse(db);
  const audit = createAudit({ db, clock: h.clock, ids: h.ids });
  const store = createHistoryStore(db);
  const history = createHistory({ store, access, audit, clock: h.clock, wake: () => h.worker.wake() });
  const analytics = createAnalytics({ store: createAnalyticsStore(db), access, clock: h.clock });
  h.worker.start();
  return { ...h, event: h.event, online: h.online, audit, store, history, analytics };
}

/** One delivery that took so long, or failed. */
async function delivered(h: AlertHouse, index: number, latencyMs: number | null, createdAt: number, kind = "discord") {
  const place = { stream_id: `s${index}`, destination_id: "d", guild_id: "g", kind, recipient: "", head: 1 };
  const state = latencyMs === null ? ("failed" as const) : ("sent" as const);
  await h.tables
    .insertInto("deliveries")
    .values({
      ...place,
      delivery_id: h.ids.uuid(),
      state,
      reason: latencyMs === null ? "gone" : null,
      ...{ wanted: 1, shown: 1, edits: 0, attempts: 1, tries: 0, lease_until: 0, fence: 1 },
      ...{ give_up_at: 0, began_at: 0, event_at: 0, created_at: createdAt, latency_ms: latencyMs },
    })
    .execute();
}

/** By the definition: the smallest of them that so many percent do not exceed. */
function nearestRank(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length) ?? null;
}

eachEngine((engine, open) => {
  const schema = [auditSchema, alertsSchema];

  test("deliveries are listed page by page, newest first, phones as one, and only to who manages the guild", async () => {
    const h = house(await open(schema));
    await h.guild("g", "1");
    await h.destination("g", "d");
    await h.destination("g", "p", { kind: "push" });
    await h.guild("other", "1");
    await h.destination("other", "x");
    h.devices.set("g", ["one", "two", "three"]);
    h.receiver.script = ({ target }) =>
      target.recipient === "two" ? { kind: "failed", reason: "gone", status: 410 } : undefined;
    for (const stream of ["s1", "s2", "s3"]) {
      await h.online("1", stream, { title: stream });
      h.clock.advance(300);
      await h.settled();
      h.clock.advance(20 * minute);
      await h.event("1", { kind: "offline" });
      await h.settled();
      h.clock.advance(20 * minute);
    }
    const first = await h.history.list(ada, "g", { limit: 4 });
    const rest = await h.history.list(ada, "g", { limit: 4, cursor: first.next });
    const all = [...first.items, ...rest.items];
    expect(rest.next).toBeUndefined();
    expect(all.map(({ streamTitle, destinationName }) => `${streamTitle} ${destinationName}`)).toEqual([
      ...["s3 p", "s3 d", "s2 p", "s2 d", "s1 p", "s1 d"],
    ]);
    expect(all[0]).toMatchObject({
      ...{ state: "sent", reason: "gone", recipients: 3, failedRecipients: 1, attempts: 3, kind: "push" },
      ...{ streamerName: "user_1", nextTryAt: null },
    });
    expect(all[1]).toMatchObject({ state: "sent", reason: null, recipients: 1, failedRecipients: 0, attempts: 2 });
    const detail = await h.history.get(ada, "g", all[1]?.deliveryId ?? "");
    expect(detail.history.map(({ what, outcome, status }) => [what, outcome, status])).toEqual([
      ["post", "done", 200],
      ["edit", "done", 200],
    ]);
    const foreign = (await h.deliveries()).find(({ guild_id: id }) => id === "other")?.delivery_id ?? "";
    await expect(h.history.get(ada, "g", foreign)).rejects.toMatchObject({ code: "delivery.not_found" });
    await expect(h.history.list(ada, "other", { limit: 4 })).rejects.toMatchObject({ code: "guild.forbidden" });
    await expect(h.history.get(ada, "other", foreign)).rejects.toMatchObject({ code: "guild.forbidden" });
    await expect(h.history.retry(ada, "other", foreign)).rejects.toMatchObject({ code: "guild.forbidden" });
    await expect(h.analytics.of(ada, "other", 3)).rejects.toMatchObject({ code: "guild.forbidden" });
  });

  test("what failed is found by its state, tried again by its owner, and then sent; nothing else is", async () => {
    const h = house(await open(schema));
    await h.guild("g", "1");
    await h.destination("g", "d");
    await h.destination("g", "e");
    h.receiver.script = ({ target }) =>
      target.destinationId === "d" ? { kind: "failed", reason: "permission", status: 403 } : undefined;
    await h.online("1", "s1");
    await h.settled();
    const [failed, ...others] = (await h.history.list(ada, "g", { limit: 9, state: "failed" })).items;
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ destinationName: "d", reason: "permission", state: "failed" });
    const sent = (await h.history.list(ada, "g", { limit: 9, state: "sent" })).items;
    expect(sent.map(({ destinationName }) => destinationName)).toEqual(["e"]);
    await expect(h.history.retry(ada, "g", sent[0]?.deliveryId ?? "")).rejects.toMatchObject({
      code: "delivery.not_failed",
    });
    // Long after everybody would have given up.
    h.clock.advance(13 * 60 * minute);
    h.receiver.script = () => undefined;
    const retried = await h.history.retry(ada, "g", failed?.deliveryId ?? "");
    expect(retried).toMatchObject({ state: "waiting", reason: null });
    await h.settled();
    expect(h.receiver.shown("d")).toHaveLength(1);
    expect((await h.history.list(ada, "g", { limit: 9, state: "failed" })).items).toEqual([]);
    const { entries } = await h.audit.list({ limit: 5 });
    expect(entries).toMatchObject([
      { action: "delivery.retried", actorId: "ada", subject: { id: failed?.deliveryId } },
    ]);
  });

  test("latency is the nearest rank of everything that was measured", async () => {
    const h = house(await open(schema));
    let index = 0;
    const latencies = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(latencies, latencies, async (today, before) => {
        await h.tables.deleteFrom("deliveries").execute();
        const now = h.clock.now();
        for (const each of today) await delivered(h, index++, each, now);
        for (const each of before) await delivered(h, index++, each, now - 2 * day, "push");
        // Neither failures nor what is too old count.
        await delivered(h, index++, null, now);
        await delivered(h, index++, 9_999, now - 3 * day);
        const figures = await h.analytics.of(ada, "g", 3);
        const all = [...today, ...before];
        const of = (values: number[]) => ({ p50: nearestRank(values, 50), p95: nearestRank(values, 95) });
        expect(figures.latency).toEqual({ ...of(all), p99: nearestRank(all, 99) });
        expect(figures).toMatchObject({ alerts: all.length + 1, sent: all.length, failed: 1, waiting: 0 });
        expect(figures.failures).toEqual([{ reason: "gone", count: 1 }]);
        expect(figures.days.map(({ sent, failed, p50, p95 }) => ({ sent, failed, p50, p95 }))).toEqual([
          { sent: before.length, failed: 0, ...of(before) },
          { sent: 0, failed: 0, p50: null, p95: null },
          { sent: today.length, failed: 1, ...of(today) },
        ] satisfies Omit<Analytics["days"][number], "day">[]);
        expect(figures.byDestination.map(({ kind, sent, latency }) => [kind, sent, latency.p50])).toEqual([
          ["discord", today.length, nearestRank(today, 50)],
          ["push", before.length, nearestRank(before, 50)],
        ]);
      }),
      { seed: 5, numRuns: engine === "sqlite" ? 20 : 4 },
    );
    expect((await h.analytics.of(ada, "g", 2)).days.map((each) => each.day)).toEqual(["2025-12-31", "2026-01-01"]);
  });

  test("a guild without alerts has figures, too", async () => {
    const h = house(await open(schema));
    const nothing = { p50: null, p95: null, p99: null };
    expect(await h.analytics.of(ada, "g", 1)).toEqual({
      ...{ alerts: 0, sent: 0, failed: 0, waiting: 0, latency: nothing, byDestination: [], failures: [] },
      days: [{ day: "2026-01-01", sent: 0, failed: 0, p50: null, p95: null }],
    });
  });

  test("the owner of a destination that was switched off is told once, after a crash too", async () => {
    const db = await open(schema);
    const h = house(db);
    await h.guild("g", "1");
    await h.destination("g", "d");
    h.receiver.script = () => ({ kind: "failed", reason: "permission", status: 403, off: "no_permission" });
    await h.online("1", "s1");
    await h.settled();
    const written: [string, OwnerNotice][] = [];
    const deps = { store: createOffNoticesStore(db), log: h.log };
    const notify = (accountId: string, notice: OwnerNotice) => void written.push([accountId, notice]);
    const failing = { ...h.audit, record: () => Promise.reject(new Error("the database is away")) };
    await expect(createOffNotices({ ...deps, notify, audit: failing }).tell()).rejects.toThrow("away");
    const notices = createOffNotices({ ...deps, notify, audit: h.audit });
    await Promise.all([notices.tell(), notices.tell()]);
    await notices.tell();
    expect(written).toMatchObject([["somebody", { path: "/alerts/g/destinations" }]]);
    expect(written[0]?.[1].lines[0]).toBe(
      "Foyer switched off the destination d of g. Discord says that the bot may not post in the channel.",
    );
    expect((await h.audit.list({ limit: 5 })).entries).toMatchObject([
      {
        action: "destination.switched_off",
        actorId: null,
        details: { guildId: "g", kind: "discord", reason: "no_permission" },
      },
    ]);
  });

  test("tries are forgotten after their time, and deliveries and streams much later", async () => {
    const h = house(await open(schema));
    await h.guild("g", "1");
    await h.destination("g", "d");
    const about = async () => {
      const [tries, deliveries, streams, ends] = await Promise.all([
        h.tables.selectFrom("attempts").select("at").execute(),
        h.deliveries(),
        h.tables.selectFrom("streams").select("stream_id").execute(),
        h.tables.selectFrom("stream_ends").select("ended_at").execute(),
      ]);
      return [tries.length, deliveries.length, streams.length, ends.length];
    };
    for (const stream of ["s1", "s2"]) {
      await h.online("1", stream);
      await h.settled();
      await h.event("1", { kind: "offline", eventAt: h.clock.now() + minute });
      await h.settled();
      h.clock.advance(100 * day);
    }
    expect(await about()).toEqual([4, 2, 2, 2]);
    const now = h.clock.now();
    await h.store.sweep(now - 150 * day, now - 400 * day);
    await h.streamsStore.sweep(now - 150 * day);
    expect(await about()).toEqual([2, 2, 2, 1]);
    await h.store.sweep(now - 150 * day, now - 150 * day);
    await h.streamsStore.sweep(now - 150 * day);
    expect(await about()).toEqual([2, 1, 1, 1]);
  });
});
