import { randomUUID } from "node:crypto";
import { HelixError } from "../helix/errors.ts";
import type { HelixCaller } from "../helix/router.ts";
import type { StageEvent } from "../stage/stage.ts";
import { nanoTime } from "./signature.ts";

/** Where the messages of a subscription go. Times are EventSub's texts. */
export type Transport =
  | { method: "webhook"; callback: string; secret: string }
  | { method: "websocket"; sessionId: string; connectedAt: string; disconnectedAt?: string | undefined }
  | { method: "conduit"; conduitId: string };

/** Something that an application wants to hear of. */
export interface Subscription {
  id: string;
  clientId: string;
  /** Whose token made it, for WebSockets. */
  userId: string | undefined;
  status: string;
  type: string;
  version: string;
  condition: Record<string, string>;
  transport: Transport;
  cost: number;
  createdAt: string;
}

/** The subscriptions of all applications. */
export interface Subscriptions {
  /** Throws what Helix answers: 409 for one that is there, 429 for too many. */
  add(made: Omit<Subscription, "id" | "createdAt">): Subscription;
  find(id: string): Subscription | undefined;
  remove(id: string): boolean;
  /** Those of an application, oldest first; for a person's token those that it made. */
  of(caller: HelixCaller): Subscription[];
  all(): Subscription[];
  /** Those that are to hear of something. */
  matching(event: StageEvent): Subscription[];
  /** Total, cost, and the most that it may cost, as Helix adds them to its lists. */
  sums(caller: HelixCaller): { total: number; total_cost: number; max_total_cost: number };
}

/** How much is allowed. Twitch: 10,000 for an application, 10 for a person's WebSockets, 3 of the same. */
export interface SubscriptionLimits {
  appCost: number;
  userCost: number;
  same: number;
}

/** Those that are dead do not stand in the way of a new one. */
const living = new Set(["enabled", "webhook_callback_verification_pending"]);

const place = (transport: Transport) =>
  transport.method === "webhook"
    ? transport.callback
    : transport.method === "conduit"
      ? transport.conduitId
      : transport.sessionId;

const sorted = (condition: Record<string, string>) =>
  Object.keys(condition)
    .sort((one, other) => one.localeCompare(other))
    .map((key) => `${key}=${condition[key]}`)
    .join("&");

/** No subscriptions. `now` in milliseconds. */
export function createSubscriptions(limits: SubscriptionLimits, now: () => number): Subscriptions {
  const all = new Map<string, Subscription>();

  const ofApp = (clientId: string) =>
    [...all.values()].filter((each) => each.clientId === clientId && each.transport.method !== "websocket");
  const ofUser = (clientId: string, userId: string | undefined) =>
    [...all.values()].filter((each) => {
      return each.clientId === clientId && each.transport.method === "websocket" && each.userId === userId;
    });
  const costOf = (list: Subscription[]) =>
    list.reduce((sum, { cost, status }) => sum + (living.has(status) ? cost : 0), 0);

  return {
    add(made) {
      const same = [...all.values()].filter((each) => {
        return (
          living.has(each.status) &&
          each.clientId === made.clientId &&
          each.type === made.type &&
          each.version === made.version &&
          sorted(each.condition) === sorted(made.condition)
        );
      });
      if (same.some((each) => place(each.transport) === place(made.transport)))
        throw new HelixError(409, "subscription already exists");
      if (same.length >= limits.same)
        throw new HelixError(429, "maximum subscriptions with type and condition exceeded");
      const isSocket = made.transport.method === "websocket";
      const spent = costOf(isSocket ? ofUser(made.clientId, made.userId) : ofApp(made.clientId));
      if (spent + made.cost > (isSocket ? limits.userCost : limits.appCost))
        throw new HelixError(429, "total cost exceeded");
      const subscription: Subscription = { ...made, id: randomUUID(), createdAt: nanoTime(now()) };
      all.set(subscription.id, subscription);
      return subscription;
    },
    find: (id) => all.get(id),
    remove: (id) => all.delete(id),
    of: (caller) => (caller.kind === "app" ? ofApp(caller.clientId) : ofUser(caller.clientId, caller.user.id)),
    all: () => [...all.values()],
    matching: ({ type, condition }) =>
      [...all.values()].filter((each) => {
        if (each.status !== "enabled" || each.type !== type) return false;
        return Object.entries(each.condition).every(([key, value]) => value === "" || condition[key] === value);
      }),
    sums(caller) {
      const list = caller.kind === "app" ? ofApp(caller.clientId) : ofUser(caller.clientId, caller.user.id);
      const most = caller.kind === "app" ? limits.appCost : limits.userCost;
      return { total: list.length, total_cost: costOf(list), max_total_cost: most };
    },
  };
}

/** A transport as Helix and messages show it: never with its secret. */
export function transportWire(transport: Transport): object {
  switch (transport.method) {
    case "webhook":
      return { method: "webhook", callback: transport.callback };
    case "conduit":
      return { method: "conduit", conduit_id: transport.conduitId };
    case "websocket": {
      const gone = transport.disconnectedAt === undefined ? {} : { disconnected_at: transport.disconnectedAt };
      return { method: "websocket", session_id: transport.sessionId, connected_at: transport.connectedAt, ...gone };
    }
  }
}

/** A subscription as Helix and messages show it. */
export function subscriptionWire({ id, status, type, version, condition, transport, cost, createdAt }: Subscription) {
  return {
    id,
    status,
    type,
    version,
    condition,
    created_at: createdAt,
    transport: transportWire(transport),
    cost,
  };
}
