import type { Streamer } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Caller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { watchOutboxes } from "../../../platform/outbox/outbox.metrics.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import { createLiveRooms, type LiveRooms, type LiveRoomsDeps } from "../streams/live.rooms.ts";
import type { StreamsStore } from "../streams/streams.store.ts";
import { type AnalyticsDeps, createAnalytics, type DeliveryAnalytics } from "./analytics.ts";
import { createHistory, type History, type HistoryDeps } from "./history.ts";
import { createOffNotices, type OffNotices, type OffNoticesDeps, type OwnerNotice } from "./off.notices.ts";

const dayMs = 86_400_000;
/** For so long every try is kept, and every end of a stream that was heard of. */
const triesMs = 90 * dayMs;
/** For so long it is kept that an alert was sent. */
const deliveriesMs = 400 * dayMs;

export interface DeliveryPartsDeps {
  stores: {
    history: HistoryDeps["store"] & { sweep(triesBefore: number, deliveriesBefore: number): Promise<void> };
    analytics: AnalyticsDeps["store"];
    offNotices: OffNoticesDeps["store"];
    announcingRooms: LiveRoomsDeps["rooms"];
  };
  audit: Audit;
  clock: Clock;
  log: Logger;
  metrics: Registry;
  access: GuildAccess;
  streamers: { announcedBy(guildIds: readonly string[]): Promise<Streamer[]> };
  streams: Pick<StreamsStore, "sweep">;
  readableRooms: (caller: Caller, roomIds: readonly string[]) => Promise<ReadonlySet<string>>;
  notify: (accountId: string, notice: OwnerNotice) => void;
  wake: () => void;
  outboxes: Record<string, { countDue(now: number): Promise<number> }>;
}

/** What is known of alerts that were sent, and what has to be said about them. */
export interface DeliveryParts {
  history: History;
  analytics: DeliveryAnalytics;
  live: LiveRooms;
  notices: OffNotices;
  /** Tells owners of what was switched off, without being waited for. */
  tell(): void;
  /** Forgets what is long over. For a job every hour or so. */
  sweep(): Promise<void>;
  /** Waits for notices that are under way. */
  drain(): Promise<void>;
}

/** The parts over their dependencies. */
export function createDeliveryParts(deps: DeliveryPartsDeps): DeliveryParts {
  const { stores, clock, log, streamers } = deps;
  const store = stores.history;
  const notices = createOffNotices({ ...deps, store: stores.offNotices });
  let telling: Promise<void> = Promise.resolve();
  watchOutboxes(
    deps.metrics,
    Object.entries(deps.outboxes).map(([name, outbox]) => ({ name, countDue: () => outbox.countDue(clock.now()) })),
  );

  return {
    history: createHistory({ ...deps, store }),
    analytics: createAnalytics({ ...deps, store: stores.analytics }),
    live: createLiveRooms({
      rooms: stores.announcingRooms,
      announcedBy: (guildId) => streamers.announcedBy([guildId]),
      readable: deps.readableRooms,
      clock,
    }),
    notices,
    tell() {
      telling = notices.tell().catch((error: unknown) => log.error({ err: error }, "an owner could not be told"));
    },
    async sweep() {
      const now = clock.now();
      await store.sweep(now - triesMs, now - deliveriesMs);
      await deps.streams.sweep(now - triesMs);
    },
    drain: () => telling,
  };
}
