import fc from "fast-check";
import { expect, test } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import type { StreamEvent } from "../../../src/modules/alerts/alerts.types.ts";
import { type AlertHouse, alertHouse, minute } from "../../support/alerts.house.ts";
import { eachEngine } from "../../support/engines.ts";

const seed = 20_261_204;
const start = Date.UTC(2026, 0, 1);

/** One live period as it really is: pauses within it keep its id. All in whole minutes. */
interface Period {
  /** Before it begins; since the end of the one before. */
  pause: number;
  /** Alternately live and interrupted; begins and ends live. */
  parts: number[];
  titles: string[];
}

const period: fc.Arbitrary<Period> = fc.record({
  pause: fc.integer({ min: 1, max: 40 }),
  parts: fc
    .array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 })
    .map((parts) => (parts.length % 2 === 1 ? parts : parts.slice(1))),
  titles: fc.array(fc.constantFrom("A", "B", "C"), { maxLength: 3 }),
});

/** How what happened is heard: in which order, what of it twice. */
interface Hearing {
  periods: Period[];
  /** Keys to sort the events by; those behind the last stay in their order. */
  order: number[];
  doubled: number[];
  /** Nothing is heard before what happened before it. */
  inOrder: boolean;
  /** Which calls of senders do what they should and get no answer. */
  lost: boolean[];
}

const hearing: fc.Arbitrary<Hearing> = fc.record({
  periods: fc.array(period, { minLength: 1, maxLength: 4 }),
  order: fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 }),
  doubled: fc.array(fc.nat(39), { maxLength: 8 }),
  inOrder: fc.boolean(),
  lost: fc.array(fc.boolean(), { maxLength: 10 }),
});

/** What should be known in the end of one stream. */
interface Truth {
  twitchStreamId: string;
  startedAt: number;
  endedAt: number;
  /** The last one's is sure; an older one may take on what was heard too soon of a newer one. */
  title: string;
}

function happened(
  twitchId: string,
  periods: readonly Period[],
  from: number,
): { events: StreamEvent[]; truth: Truth[] } {
  const events: StreamEvent[] = [];
  const truth: Truth[] = [];
  let now = from;
  for (const [index, { pause, parts, titles }] of periods.entries()) {
    now += pause * minute;
    const twitchStreamId = `t${index}`;
    const startedAt = now;
    let title = `first of ${index}`;
    const at = (eventAt: number) => ({ twitchId, eventAt, heardAt: eventAt });
    for (const [turn, minutes] of parts.entries()) {
      if (turn % 2 === 0) {
        const details = turn === 0 ? { title, game: "Go" } : {};
        events.push({ kind: "online", twitchStreamId, startedAt, details, ...at(now) });
        if (turn === 0) {
          for (const [step, each] of titles.entries()) {
            title = each;
            events.push({ kind: "details", twitchStreamId, details: { title }, ...at(now + (step + 1) * 100) });
          }
        }
        now += minutes * minute;
        events.push({ kind: "offline", ...at(now) });
      } else {
        now += minutes * minute;
      }
    }
    truth.push({ twitchStreamId, startedAt, endedAt: now, title });
  }
  return { events, truth };
}

/** The events as they are heard. */
function heard(events: readonly StreamEvent[], { order, doubled, inOrder }: Hearing): StreamEvent[] {
  if (inOrder) return events.flatMap((event, index) => (doubled.includes(index) ? [event, event] : [event]));
  const all = [...events, ...doubled.flatMap((index) => events[index % events.length] ?? [])];
  const keyed = all.map((event, index) => ({ event, key: order[index % order.length] ?? 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ event }) => event);
}

async function finalStreams(h: AlertHouse, broadcasterId: string) {
  const rows = await h.tables
    .selectFrom("streams")
    .selectAll()
    .where("broadcaster_id", "=", broadcasterId)
    .orderBy("started_at")
    .execute();
  return rows.map((row) => ({
    streamId: row.stream_id,
    state: row.state,
    twitchStreamId: row.twitch_stream_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    title: row.title,
  }));
}

eachEngine((engine, open) => {
  const runs = engine === "sqlite" ? 80 : 15;

  test("whatever order events come in, how often, with work in between: one alert for each stream and destination", async () => {
    const h = alertHouse(await open([alertsSchema]), start);
    h.worker.start();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(hearing, fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (told, pauses) => {
        const twitchId = String(++round);
        // One guild lets alerts go on for a while, the other never.
        await h.guild(`on${twitchId}`, twitchId, { reannounce_minutes: 15 });
        await h.guild(`new${twitchId}`, twitchId, { reannounce_minutes: 0 });
        await h.destination(`on${twitchId}`, `a${twitchId}`);
        await h.destination(`new${twitchId}`, `b${twitchId}`, { kind: "room" });
        const { events, truth } = happened(twitchId, told.periods, h.clock.now());
        let call = 0;
        h.receiver.script = () => (told.lost[call++] === true ? "lost" : undefined);
        for (const [index, event] of heard(events, told).entries()) {
          await h.streams.apply(event);
          if (pauses[index % pauses.length] === true) await h.settled();
        }
        h.receiver.script = () => undefined;
        await h.settled();
        h.clock.advance(6 * minute);
        await h.settled();

        const streams = await finalStreams(h, `b${twitchId}`);
        expect(streams).toMatchObject(
          truth.map((each, index) => ({ ...each, title: streams[index]?.title, state: "ended" })),
        );
        expect(streams.at(-1)?.title).toBe(truth.at(-1)?.title);
        const deliveries = (await h.deliveries()).filter(({ guild_id: id }) => id.endsWith(twitchId));
        const ofStream = (streamId: string, destinationId: string) =>
          deliveries.filter((row) => row.stream_id === streamId && row.destination_id === destinationId);
        for (const [index, { streamId, endedAt }] of streams.entries()) {
          expect(ofStream(streamId, `b${twitchId}`)).toHaveLength(1);
          const next = streams[index + 1];
          const gap = (next?.startedAt ?? Infinity) - (endedAt ?? 0);
          const own = ofStream(streamId, `a${twitchId}`).length;
          // Where an alert can go on, it tells of the newer stream. What is known when that begins decides.
          if (told.inOrder) expect(own).toBe(gap < 15 * minute ? 0 : 1);
          else expect(own).toBeLessThanOrEqual(1);
          if (next === undefined) expect(own).toBe(1);
        }
        // One message for each alert, and each says in the end what is true of its stream.
        const messages = h.receiver.messages.filter(({ destinationId }) => /^[ab]/.test(destinationId));
        for (const row of deliveries) {
          const shown = messages.filter(({ deliveryId }) => deliveryId === row.delivery_id);
          expect(shown).toHaveLength(1);
          const { title } = streams.find(({ streamId }) => streamId === row.stream_id) ?? {};
          expect(shown[0]?.text).toContain(`ended user_${twitchId} in ${row.guild_id}: ${title} (Go)`);
          expect(row).toMatchObject({ state: "sent", due_at: null, shown: row.wanted });
        }
        expect(
          messages.filter(({ destinationId }) => [`a${twitchId}`, `b${twitchId}`].includes(destinationId)),
        ).toHaveLength(deliveries.length);
      }),
      { seed, numRuns: runs },
    );
  }, 240_000);

  test("whatever is lost: asking Twitch in the end brings every stream to its true state, with one alert", async () => {
    const h = alertHouse(await open([alertsSchema]), start);
    h.worker.start();
    let round = 0;
    const lost = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(hearing, lost, fc.boolean(), async (told, drop, goesOn) => {
        const twitchId = String(++round);
        await h.guild(`g${twitchId}`, twitchId, { reannounce_minutes: 0 });
        await h.destination(`g${twitchId}`, `d${twitchId}`);
        const { events, truth } = happened(twitchId, told.periods, h.clock.now());
        const last = truth.at(-1);
        if (last === undefined) throw new Error("nothing happened");
        const got = events.filter((_, index) => drop[index % drop.length] === false);
        for (const event of heard(got.length === 0 ? events.slice(0, 1) : got, told)) await h.streams.apply(event);
        // Long after everything, Twitch is asked: the last stream goes on after all, or nothing is live.
        const asked = last.endedAt + 10 * minute;
        const at = { twitchId, eventAt: asked, heardAt: asked };
        const { twitchStreamId, startedAt } = last;
        if (goesOn) {
          const title = "seen at last";
          await h.streams.apply({ kind: "online", twitchStreamId, startedAt, details: {}, ...at, eventAt: startedAt });
          await h.streams.apply({ kind: "details", twitchStreamId, details: { title, game: "Go" }, ...at });
        } else {
          await h.streams.apply({ kind: "offline", ...at });
        }
        h.clock.advance(minute);
        await h.settled();

        const streams = await finalStreams(h, `b${twitchId}`);
        const live = streams.filter(({ state }) => state === "live");
        expect(live.map((stream) => stream.twitchStreamId)).toEqual(goesOn ? [twitchStreamId] : []);
        const deliveries = (await h.deliveries()).filter(({ guild_id: id }) => id === `g${twitchId}`);
        expect(deliveries.map((row) => row.stream_id).sort()).toEqual(streams.map(({ streamId }) => streamId).sort());
        const messages = h.receiver.messages.filter(({ destinationId }) => destinationId === `d${twitchId}`);
        expect(messages).toHaveLength(deliveries.length);
        const shownLive = messages.filter(({ text }) => text.startsWith("live"));
        expect(shownLive.map(({ text }) => text)).toEqual(
          goesOn ? [`live user_${twitchId} in g${twitchId}: seen at last (Go) ?`] : [],
        );
      }),
      { seed, numRuns: runs },
    );
  }, 240_000);

  test("events of one broadcaster at the same time come one after the other", async () => {
    const h = alertHouse(await open([alertsSchema]), start);
    await h.guild("g", "1");
    for (let index = 0; index < 20; index++) await h.destination("g", `d${index}`);
    h.worker.start();
    const { events } = happened("1", [{ pause: 1, parts: [5, 5, 5], titles: ["A", "B", "C"] }], start);
    const everything = Array.from({ length: 6 }, () => events).flat();
    await Promise.all(everything.map((event) => h.streams.apply(event)));
    await h.settled();
    expect(await finalStreams(h, "b1")).toMatchObject([{ state: "ended", title: "C" }]);
    expect(await h.deliveries()).toHaveLength(20);
    expect(h.receiver.messages).toHaveLength(20);
    for (const { text } of h.receiver.messages) expect(text).toMatch(/^ended user_1 in g: C \(Go\) after 15 min/);
  });
});
