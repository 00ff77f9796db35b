import type { Logger } from "pino";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { pauseOf } from "../../../platform/outbox/backoff.ts";
import type { HearingMetrics } from "./hearing.metrics.ts";
import { planSubscriptions, type Step, type Way } from "./subscription.plan.ts";
import type { SubscriptionsStore } from "./subscriptions.store.ts";
import { type HeardType, heardTypes, type Subscribed, type TwitchApi, type TwitchSubscription } from "./twitch.port.ts";

/** Keeps the EventSub subscriptions at Twitch as they should be. */
export interface Reconciliation {
  /** Compares at the next turn, whenever the last time was. */
  request(): void;
  /** One turn: compares when it is time. Never throws. `way` undefined: it is not known yet how events can come. */
  turn(way: Way | undefined): Promise<void>;
  /** What went wrong at the last comparison, in words for an operator; null: nothing. */
  problem(): string | null;
}

export interface ReconciliationDeps {
  store: SubscriptionsStore;
  api: Pick<TwitchApi, "subscriptions" | "subscribe" | "unsubscribe">;
  clock: Clock;
  ids: Pick<Ids, "fraction">;
  log: Logger;
  metrics: HearingMetrics;
}

const HOUR = 3_600_000;
/** How often the database is asked whether somebody was added or Twitch ended something, at other nodes, too. */
const DRIFT_MS = 5000;
/** After a failure, and while something is not as it should be: a challenge that is under way takes a moment. */
const pace = { firstMs: 1500, longestMs: HOUR };
const SHORTEST_MS = 500;
const AT_ONCE = 4;
const types = Object.keys(heardTypes) as HeardType[];

export function createReconciliation(deps: ReconciliationDeps): Reconciliation {
  const { store, api, clock, ids, log, metrics } = deps;
  let isRequested = true;
  let dueAt = 0;
  let driftAt = 0;
  let tries = 0;
  /** The last comparison did not come to its end. */
  let isDown = false;
  let lastKey: string | undefined;
  let trouble: string | null = null;

  async function isDue(way: Way): Promise<boolean> {
    const now = clock.now();
    if (isRequested || now >= dueAt || way.key !== lastKey) return true;
    if (isDown || now < driftAt) return false;
    driftAt = now + DRIFT_MS;
    return store.drifted(types, way.key);
  }

  async function compare(way: Way): Promise<void> {
    const [wanted, known, actual] = [await store.announced(), await store.all(), await api.subscriptions()];
    const { steps, surplus } = planSubscriptions({ wanted, known, actual, way, now: clock.now() });
    const statuses: string[] = [];
    await inParallel(steps, async (step) => void statuses.push(await settle(step, way)));
    for (const each of surplus) await api.unsubscribe(each.subscriptionId);
    const isWanted = new Set(wanted.map(({ broadcasterId }) => broadcasterId));
    for (const state of known) if (!isWanted.has(state.broadcasterId)) await store.remove(state);
    const left = statuses.filter((status) => status !== "enabled");
    trouble = problemOf(left);
    tries = left.length === 0 ? 0 : tries + 1;
  }

  /** Does what is to be done about one type of one broadcaster, and returns how it stands. */
  async function settle({ broadcaster, type, keep, before, after }: Step, way: Way): Promise<string> {
    for (const each of before) await api.unsubscribe(each.subscriptionId);
    let gone = false;
    let subscribed: Subscribed =
      keep === undefined
        ? await api.subscribe(type, broadcaster.twitchId, way.transport)
        : { kind: "made", subscription: keep };
    if (subscribed.kind === "exists" && after.length > 0) {
      // Twitch takes the old way for the same: then the gap cannot be helped.
      await remove(after);
      gone = true;
      subscribed = await api.subscribe(type, broadcaster.twitchId, way.transport);
    }
    const { subscriptionId, status } = standing(subscribed);
    const { broadcasterId } = broadcaster;
    await store.put({ broadcasterId, type, subscriptionId, transport: way.key, status }, clock.now());
    if (subscribed.kind === "made" && !gone) await remove(after);
    return status;
  }

  async function remove(all: readonly TwitchSubscription[]): Promise<void> {
    for (const each of all) await api.unsubscribe(each.subscriptionId);
  }

  return {
    request() {
      isRequested = true;
    },
    problem: () => trouble,
    async turn(way) {
      try {
        if (way === undefined || !(await isDue(way))) return;
        isRequested = false;
        lastKey = way.key;
        await compare(way);
        isDown = false;
        metrics.reconciliation("ok");
      } catch (error) {
        isDown = true;
        tries += 1;
        trouble = error instanceof AppError ? error.message : "The EventSub subscriptions could not be compared.";
        metrics.reconciliation("failed");
        log.warn({ err: error, attempt: tries }, "the EventSub subscriptions could not be compared");
      }
      const pause = Math.max(SHORTEST_MS, pauseOf(pace, { tries, fraction: ids.fraction() }));
      dueAt = clock.now() + (tries === 0 ? HOUR : pause);
    },
  };
}

function standing(subscribed: Subscribed): { subscriptionId: string | null; status: string } {
  if (subscribed.kind === "made") return subscribed.subscription;
  return { subscriptionId: null, status: subscribed.kind === "exists" ? "conflict" : subscribed.reason };
}

const problems: Record<string, string> = {
  limit: "Twitch allows this application no more EventSub subscriptions.",
  callback: "Twitch does not take the callback: it must be an https address that Twitch can reach on port 443.",
  conflict: "Another installation uses the same Twitch application for the same streamers.",
  unauthorized: "Twitch does not allow this application to subscribe.",
};

function problemOf(left: readonly string[]): string | null {
  const known = left.find((status) => status in problems);
  if (known !== undefined) return problems[known] ?? null;
  const isWaiting = (status: string) => status === "webhook_callback_verification_pending";
  if (left.every(isWaiting)) return null;
  return "Twitch did not make EventSub subscriptions that were asked for.";
}

/** All are tried, also when one fails; then the first failure is thrown. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const item of queue) await work(item);
  });
  const failed = (await Promise.allSettled(workers)).find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
