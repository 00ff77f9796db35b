import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { createHearingMemo } from "./hearing.memo.ts";
import type { HearingMetrics } from "./hearing.metrics.ts";
import { type HearingStatus, hearingStatus } from "./hearing.status.ts";
import type { InboxStore } from "./inbox.store.ts";
import { createInbox, type StreamEvents } from "./inbox.ts";
import { createLeadership } from "./leadership.ts";
import type { LeaseStore } from "./lease.store.ts";
import { createReconciliation } from "./reconciliation.ts";
import { createRecordings } from "./recordings.ts";
import { createShard } from "./shard.ts";
import type { Way } from "./subscription.plan.ts";
import type { SubscriptionsStore } from "./subscriptions.store.ts";
import { chooseTransport, type TransportChoice } from "./transport.policy.ts";
import type { Twitch, TwitchMessage } from "./twitch.port.ts";
import type { WatchStore } from "./watch.store.ts";
import { createWatch } from "./watch.ts";

/** Hears of broadcasters: by EventSub, and by asking. */
export interface Hearing {
  start(): void;
  /** For a job every second: never takes long, and never throws. */
  tick(): Promise<void>;
  /** For a job every hour or so. */
  sweep(): Promise<void>;
  /** Takes one message that Twitch has signed or sent; resolves when it cannot get lost any more. */
  message(message: TwitchMessage): Promise<void>;
  /** Somebody is announced, or is no longer: EventSub subscriptions and who is live are looked at soon, by whichever node. */
  changed(): void;
  status(): Promise<HearingStatus>;
  /** Lets another node go on, takes nothing new and waits for what is under way. */
  drain(): Promise<void>;
}

export interface HearingDeps {
  /** Undefined where Twitch is not configured. */
  twitch: Twitch | undefined;
  transport: TransportChoice;
  /** Origin that people open; asked when it is needed. */
  publicUrl: () => string;
  /** Path of the webhook. */
  hookPath: string;
  streams: StreamEvents;
  stores: { inbox: InboxStore; lease: LeaseStore; subscriptions: SubscriptionsStore; watch: WatchStore };
  /** More that the leading node does in its turns. Never throws. */
  chores: readonly (() => Promise<void>)[];
  metrics: HearingMetrics;
  /** Names this node among several; undefined: it is the only one. */
  nodeId: string | undefined;
  bus: Bus;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Nothing leads here: whatever this server has made is surplus. */
const nowhere: Way = { transport: { kind: "conduit", conduitId: "" }, key: "nowhere" };
const changedTopic = "alerts.announced";
const STORE_AGAIN_MS = 1000;
/** A look that Twitch does not answer is not waited for. */
const DRAIN_MS = 2000;

export function createHearing(deps: HearingDeps): Hearing {
  const { twitch, stores, streams, clock, ids, bus, metrics } = deps;
  const log = deps.log.child({ component: "hearing" });
  // A server that is alone takes up at once what it held before it was killed.
  const holder = deps.nodeId ?? "alone";
  const memo = createHearingMemo(stores.lease, holder);
  const leadership = createLeadership({ store: stores.lease, holder, clock, log });
  const inbox = createInbox({ ...deps, store: stores.inbox, api: twitch?.api });
  const unsubscribe = bus.subscribe(changedTopic, look);
  const under = new Map<string, Promise<void>>();
  let draining = false;

  const parts = twitch === undefined ? undefined : leading(twitch);

  function leading(on: Twitch) {
    const shared = { api: on.api, streams, clock, ids, log, metrics };
    const reconciliation = createReconciliation({ ...shared, store: stores.subscriptions });
    const watch = createWatch({ ...shared, store: stores.watch, subscriptions: stores.subscriptions });
    const recordings = createRecordings({ ...shared, store: stores.watch });
    const shard = createShard({ twitch: on, memo, leads: leadership.leads, message: kept, connected: look, log });

    /** The way that events are to come; undefined: the socket that it takes is not there yet. */
    function way(): Way | undefined {
      const { transport } = chooseTransport(deps.transport, deps.publicUrl());
      if (transport === "conduit") {
        const conduitId = shard.conduitId();
        return conduitId === undefined
          ? undefined
          : { transport: { kind: "conduit", conduitId }, key: `conduit ${conduitId}` };
      }
      const { secret } = on.webhooks;
      const callback = `${deps.publicUrl()}${deps.hookPath}`;
      // With another secret nothing would be believed that the old subscriptions send.
      const mark = createHash("sha256").update(`foyer.eventsub ${secret}`).digest("hex").slice(0, 12);
      return { transport: { kind: "webhook", callback, secret }, key: `webhook ${callback} ${mark}` };
    }

    async function reconcile(): Promise<void> {
      const { transport } = chooseTransport(deps.transport, deps.publicUrl());
      // Twitch ends sockets that nothing is subscribed for, and rightly so.
      const idle = transport === "conduit" && (await stores.subscriptions.announced()).length === 0;
      if (idle) await shard.close();
      else if (transport === "conduit" && !draining) shard.open();
      await reconciliation.turn(idle ? nowhere : way());
      // While there is no socket, the shard itself says what is wrong.
      const isJudged = transport === "webhook" || idle || shard.conduitId() !== undefined;
      await memo.remember({ transport, idle, ...(isJudged ? { problem: reconciliation.problem() } : {}) });
    }

    return { reconciliation, watch, recordings, shard, reconcile };
  }

  function look(): void {
    parts?.reconciliation.request();
    parts?.watch.soon();
  }

  /** Runs `work`, unless it still runs since the last time. */
  function begin(name: string, work: () => Promise<void>): void {
    if (draining || under.has(name)) return;
    const run = work()
      .catch((error: unknown) => log.error({ err: error, operation: name }, "hearing failed at something"))
      .finally(() => under.delete(name));
    under.set(name, run);
  }

  async function message(it: TwitchMessage): Promise<void> {
    if (it.kind === "event") await inbox.accept(it);
    else if (it.kind === "revocation") {
      log.warn({ type: it.type, reason: it.status }, "Twitch ended an EventSub subscription");
      await stores.subscriptions.revoked(it.subscriptionId, clock.now());
      bus.publish(changedTopic, "");
    } else if (it.kind === "other") {
      metrics.event(it.type === "unreadable" ? "unreadable" : "unknown", "unreadable");
      // Whatever it was: asking finds out.
      bus.publish(changedTopic, "");
    }
  }

  /** A socket repeats nothing: what cannot be stored now is stored later. */
  async function kept(it: TwitchMessage): Promise<void> {
    for (;;) {
      try {
        await message(it);
        return;
      } catch (error) {
        log.error({ err: error }, "an event could not be stored");
        if (draining) return;
        await new Promise((resolve) => setTimeout(resolve, STORE_AGAIN_MS));
      }
    }
  }

  return {
    start: () => inbox.start(),
    message,
    async tick() {
      await inbox.poll();
      if (parts === undefined || draining) return;
      await leadership.turn();
      if (!leadership.leads()) {
        begin("shard", () => parts.shard.close());
        return;
      }
      begin("reconcile", parts.reconcile);
      begin("watch", () => parts.watch.turn());
      begin("recordings", () => parts.recordings.turn());
      for (const [at, chore] of deps.chores.entries()) begin(`chore ${at}`, chore);
    },
    sweep: () => inbox.sweep(),
    changed: () => bus.publish(changedTopic, ""),
    status: () => hearingStatus(twitch && { memo, subscriptions: stores.subscriptions }),
    async drain() {
      draining = true;
      unsubscribe();
      await parts?.shard.close();
      const patience = AbortSignal.timeout(DRAIN_MS);
      await Promise.race([Promise.all(under.values()), once(patience)]);
      await leadership.release();
      await inbox.drain();
    },
  };
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
