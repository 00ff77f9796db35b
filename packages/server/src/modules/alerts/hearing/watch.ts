import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { HearingMetrics } from "./hearing.metrics.ts";
import type { StreamEvents } from "./inbox.ts";
import type { SubscriptionsStore } from "./subscriptions.store.ts";
import type { TwitchApi, TwitchStream } from "./twitch.port.ts";
import type { WatchedStream, WatchStore } from "./watch.store.ts";

/** Looks who is live: what EventSub lost is found here, and viewers are counted. */
export interface Watch {
  /** Looks at everybody at the next turn. */
  soon(): void;
  /** One turn: looks when it is time. Never throws. */
  turn(): Promise<void>;
}

export interface WatchDeps {
  store: WatchStore;
  subscriptions: Pick<SubscriptionsStore, "announced">;
  streams: StreamEvents;
  api: Pick<TwitchApi, "streams">;
  clock: Clock;
  log: Logger;
  metrics: HearingMetrics;
}

const EVERYBODY_MS = 120_000;
/** Streams that Get Streams does not show yet are asked for so often, and for so long; then with everybody. */
const UNSEEN_MS = 10_000;
const UNSEEN_FOR_MS = 600_000;
const TURN_MS = 2000;
const AGAIN_MS = 20_000;
/** Get Streams is known to miss streams that began so lately: its silence says nothing. */
const YOUNG_MS = 180_000;
/** The second of two looks that must agree comes so long after the first. */
const CONFIRM_MS = 60_000;
/** Get Streams may show for so long what the channel was called before. */
const STALE_MS = 180_000;

export function createWatch(deps: WatchDeps): Watch {
  const { store, streams, api, clock, metrics } = deps;
  /** When a stream that is taken for live was first not shown, by its id. */
  const missing = new Map<string, number>();
  const unseenAt = new Map<string, number>();
  let everybodyAt = 0;
  let turnAt = 0;

  /** What Get Streams shows of `twitchIds`, told on. */
  async function look(twitchIds: readonly string[], live: readonly WatchedStream[]): Promise<void> {
    const askedAt = clock.now();
    const shown = await api.streams(twitchIds);
    const [known, updated] = await Promise.all([store.known(shown), store.updated(askedAt - STALE_MS)]);
    for (const stream of shown) {
      await tell(stream, { askedAt, isKnown: known.has(stream.twitchStreamId), isStale: updated.has(stream.twitchId) });
    }
    const isShown = new Set(shown.map(({ twitchId }) => twitchId));
    const asked = new Set(twitchIds);
    for (const stream of live) {
      if (!asked.has(stream.twitchId)) continue;
      if (isShown.has(stream.twitchId)) missing.delete(stream.twitchStreamId);
      else await miss(stream, askedAt);
    }
    metrics.look("ok");
  }

  async function tell(
    stream: TwitchStream,
    { askedAt, isKnown, isStale }: { askedAt: number; isKnown: boolean; isStale: boolean },
  ): Promise<void> {
    const { twitchId, twitchStreamId, startedAt, title, game, ...rest } = stream;
    const { language, tags, viewers, thumbnailUrl } = rest;
    // What EventSub has just said of the channel is newer than what Get Streams may show for some minutes.
    const details = { ...(isStale ? {} : { title, game }), language, tags, viewers, thumbnailUrl };
    if (!isKnown) {
      metrics.found("online");
      const when = { twitchId, eventAt: startedAt, heardAt: clock.now() };
      await streams.apply({ kind: "online", ...when, twitchStreamId, startedAt, details: { title, game, ...details } });
    }
    await streams.apply({ kind: "details", twitchId, eventAt: askedAt, heardAt: askedAt, twitchStreamId, details });
  }

  /** Two looks must agree that it is over; the end is when the first of them was. */
  async function miss({ twitchId, twitchStreamId, heardAt }: WatchedStream, askedAt: number): Promise<void> {
    if (askedAt - heardAt < YOUNG_MS) return;
    const first = missing.get(twitchStreamId);
    if (first === undefined) missing.set(twitchStreamId, askedAt);
    if (first === undefined || askedAt - first < CONFIRM_MS) return;
    missing.delete(twitchStreamId);
    metrics.found("offline");
    await streams.apply({ kind: "offline", twitchId, eventAt: first, heardAt: askedAt });
  }

  async function everybody(): Promise<void> {
    const live = await store.live();
    // Also who is announced no longer, as long as an alert says that they are live.
    const twitchIds = [...(await deps.subscriptions.announced()), ...live].map(({ twitchId }) => twitchId);
    await look([...new Set(twitchIds)], live);
    const isLive = new Set(live.map(({ twitchStreamId }) => twitchStreamId));
    for (const id of missing.keys()) if (!isLive.has(id)) missing.delete(id);
  }

  async function some(): Promise<void> {
    const now = clock.now();
    const live = await store.live();
    const isDue = ({ twitchStreamId, heardAt, seenAt }: WatchedStream) =>
      (seenAt === 0 && now - heardAt < UNSEEN_FOR_MS && now - (unseenAt.get(twitchStreamId) ?? heardAt) >= UNSEEN_MS) ||
      now - (missing.get(twitchStreamId) ?? now) >= CONFIRM_MS;
    const due = live.filter(isDue);
    for (const { twitchStreamId } of due) unseenAt.set(twitchStreamId, now);
    for (const [id, at] of unseenAt) if (now - at > UNSEEN_FOR_MS) unseenAt.delete(id);
    if (due.length > 0) await look([...new Set(due.map(({ twitchId }) => twitchId))], live);
  }

  return {
    soon() {
      everybodyAt = 0;
    },
    async turn() {
      const now = clock.now();
      if (now < turnAt && now < everybodyAt) return;
      turnAt = now + TURN_MS;
      const isEverybody = now >= everybodyAt;
      if (isEverybody) everybodyAt = now + EVERYBODY_MS;
      try {
        await (isEverybody ? everybody() : some());
      } catch (error) {
        everybodyAt = Math.min(everybodyAt, clock.now() + AGAIN_MS);
        metrics.look("failed");
        deps.log.warn({ err: error }, "who is live could not be asked");
      }
    },
  };
}
