import type { Changes } from "../../harness/changes.ts";
import type { HelixRoute } from "../helix/router.ts";
import { conduitRoutes } from "./conduits.http.ts";
import { type Conduits, createConduits, putOnSocket } from "./conduits.ts";
import { createDispatch, type Dispatch } from "./dispatch.ts";
import { createSockets, type SocketRules, type Sockets } from "./sockets.ts";
import { subscriptionRoutes } from "./subscriptions.http.ts";
import { createSubscriptions, type SubscriptionLimits, type Subscriptions } from "./subscriptions.ts";
import { createWebhooks, type WebhookRules, type Webhooks } from "./webhooks.ts";

/** EventSub: who has subscribed to what, and how they are told. */
export interface EventSub {
  subscriptions: Subscriptions;
  conduits: Conduits;
  sockets: Sockets;
  webhooks: Webhooks;
  dispatch: Dispatch;
  routes: HelixRoute[];
}

/** What can be set. */
export interface EventSubRules {
  limits?: Partial<SubscriptionLimits> | undefined;
  webhooks?: Partial<WebhookRules> | undefined;
  sockets?: Partial<SocketRules> | undefined;
}

export interface EventSubDeps {
  rules: EventSubRules;
  clientId: string;
  changes: Changes;
  now: () => number;
  allowed(clientId: string, userId: string): readonly string[] | undefined;
}

/** EventSub without subscriptions. */
export function createEventSub({ rules, clientId, changes, now, allowed }: EventSubDeps): EventSub {
  const subscriptions = createSubscriptions({ appCost: 10_000, userCost: 10, same: 3, ...rules.limits }, now);
  const conduits = createConduits();
  const webhooks = createWebhooks({ answerMs: 4000, retryMs: [2000, 10_000, 30_000, 60_000], ...rules.webhooks }, now);
  const sockets = createSockets({
    rules: { keepaliveSeconds: 10, unusedMs: 10_000, reconnectMs: 30_000, pingMs: 15_000, ...rules.sockets },
    now,
    gone: (session, status) => dispatch.socketGone(session.id, status),
    moved(from, to) {
      for (const { shard } of conduits.onSocket(from.id)) putOnSocket(shard, to);
      for (const each of subscriptions.all()) {
        if (each.transport.method === "websocket" && each.transport.sessionId === from.id)
          each.transport = { method: "websocket", sessionId: to.id, connectedAt: to.connectedAt };
      }
    },
  });
  const dispatch = createDispatch({ subscriptions, conduits, sockets, webhooks, changes, clientId, now });
  const changed = () => changes.notify();
  return {
    subscriptions,
    conduits,
    sockets,
    webhooks,
    dispatch,
    routes: [
      ...subscriptionRoutes({ subscriptions, conduits, sockets, webhooks, allowed, changed }),
      ...conduitRoutes({ conduits, subscriptions, sockets, webhooks, changed }),
    ],
  };
}
