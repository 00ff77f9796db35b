import type { Logger } from "pino";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { Verdict } from "../../../platform/outbox/outbox.port.ts";
import { createOutboxWorker } from "../../../platform/outbox/outbox.worker.ts";
import type { StreamDetails, StreamEvent } from "../alerts.types.ts";
import type { HearingMetrics } from "./hearing.metrics.ts";
import type { InboxJob, InboxResult, InboxStore } from "./inbox.store.ts";
import type { HeardMessage, TwitchApi } from "./twitch.port.ts";

/** Where it goes what was heard: once or again, in order or not. */
export interface StreamEvents {
  apply(event: StreamEvent): Promise<void>;
}

/** Everything that EventSub tells, by whichever way it came. */
export interface Inbox {
  /** Stores an event; when this resolves it cannot get lost any more. One that is there already changes nothing. */
  accept(message: HeardMessage): Promise<void>;
  start(): void;
  /** Looks for events that were put off, or left behind by a node that is gone: for a job every second. */
  poll(): Promise<void>;
  /** Forgets what was dealt with long ago: for a job every hour or so. */
  sweep(): Promise<void>;
  drain(): Promise<void>;
}

export interface InboxDeps {
  store: InboxStore;
  streams: StreamEvents;
  /** Undefined where Twitch is not configured (any more): events that wait are still applied. */
  api: Pick<TwitchApi, "channel"> | undefined;
  bus: Bus;
  clock: Clock;
  ids: Pick<Ids, "fraction">;
  log: Logger;
  metrics: HearingMetrics;
}

/** An alert waits no longer than this for what the stream is called. */
const CHANNEL_MS = 700;
/** Twitch repeats an event for minutes; this is far beyond. */
const KEEP_MS = 3 * 86_400_000;
const AT_ONCE = 32;

/** Events from the store, each applied at least once, however often that takes. */
export function createInbox(deps: InboxDeps): Inbox {
  const { store, streams, api, clock, metrics } = deps;
  const log = deps.log.child({ component: "inbox" });

  async function about(twitchId: string): Promise<StreamDetails> {
    try {
      const channel = await api?.channel(twitchId, CHANNEL_MS);
      if (channel === undefined) return {};
      const { title, game, language, tags } = channel;
      return { title, game, language, tags };
    } catch (error) {
      // Posted with what is known; the rest follows when Twitch answers.
      log.warn({ err: error }, "what a stream is called could not be asked in time");
      return {};
    }
  }

  async function apply({ heard, twitchId, eventAt, heardAt }: InboxJob): Promise<InboxResult> {
    const when = { twitchId, eventAt, heardAt };
    if (heard.type === "stream.offline") {
      await streams.apply({ kind: "offline", ...when });
    } else if (heard.type === "channel.update") {
      const { title, game, language } = heard;
      await streams.apply({ kind: "details", ...when, details: { title, game, language } });
    } else {
      // Reruns, watch parties and the like are no going live.
      if (heard.streamType !== "live") return "ignored";
      const { twitchStreamId, startedAt } = heard;
      await streams.apply({ kind: "online", ...when, twitchStreamId, startedAt, details: await about(twitchId) });
    }
    return "applied";
  }

  const worker = createOutboxWorker<InboxJob, InboxResult, "broken">({
    name: "inbox",
    store,
    async run(job): Promise<Verdict<InboxResult, "broken">> {
      const result = await apply(job);
      metrics.event(job.heard.type, result);
      return { kind: "done", result };
    },
    // Nothing is ever given up: what cannot be applied now is an event that nobody else will tell again.
    broken(job) {
      metrics.event(job.heard.type, "postponed");
      return { kind: "again", pace: "broken", result: "postponed" };
    },
    lanes: { events: AT_ONCE },
    paces: { broken: { firstMs: 500, longestMs: 60_000 } },
    leaseMs: 30_000,
    drainMs: 5000,
    bus: deps.bus,
    clock,
    ids: deps.ids,
    log,
  });

  return {
    async accept(message) {
      const isNew = await store.add(message, clock.now());
      metrics.event(message.heard.type, isNew ? "stored" : "duplicate");
      if (isNew) worker.wake();
    },
    start: () => worker.start(),
    poll: () => worker.poll(),
    sweep: () => store.sweep(clock.now() - KEEP_MS),
    drain: () => worker.drain(),
  };
}
