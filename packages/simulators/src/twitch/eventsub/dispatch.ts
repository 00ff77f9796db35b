import type { Changes } from "../../harness/changes.ts";
import type { StageEvent } from "../stage/stage.ts";
import { type Conduits, disableShard, type Shard } from "./conduits.ts";
import { nanoTime, newMessageId } from "./signature.ts";
import type { Sockets } from "./sockets.ts";
import { type Subscription, type Subscriptions, subscriptionWire } from "./subscriptions.ts";
import type { Webhooks, WebhookTarget } from "./webhooks.ts";

/** A message on its way to one subscription. */
export interface EventDelivery {
  messageId: string;
  subscriptionId: string;
  type: string;
  event: Record<string, unknown>;
  /** `lost`: by a switch, or nobody was there to take it. `failed`: given up. */
  state: "waiting" | "sent" | "failed" | "lost";
  /** HTTP status of each try, 0 for no answer; 101 for what went over a socket. */
  tries: number[];
}

/** What goes wrong with messages, by switches. */
export interface EventSwitches {
  /** Of the next so many messages (of one type) nothing is sent. */
  loseNext(count: number, type?: string): void;
  /** Every message is sent so many milliseconds late. 0: no longer. */
  delay(ms: number): void;
  /** The next so many messages are sent twice, with the same id. */
  duplicateNext(count: number): void;
  /** Keeps messages back. */
  hold(): void;
  /** How they are set. */
  switches(): { losing: number; delayMs: number; duplicating: number; holding: boolean; held: number };
  /** Sends what was kept back, in the order in which it happened, or the other way round. */
  release(order?: "same" | "reverse"): void;
}

/** Brings events to those who subscribed. */
export interface Dispatch extends EventSwitches {
  tell(event: StageEvent): void;
  /** Sends one subscription's message again, as Twitch does when it is not sure. Resolves to the HTTP status. */
  resend(messageId: string): Promise<number>;
  /** Ends a subscription and says so. */
  revoke(subscription: Subscription, status: string): Promise<void>;
  /** A socket ended: so do the shards and subscriptions on it. */
  socketGone(sessionId: string, status: string): void;
  /** Every message, oldest first. */
  deliveries(): EventDelivery[];
  /** Waits until nothing is on its way. */
  settled(ms?: number): Promise<void>;
}

export interface DispatchDeps {
  subscriptions: Subscriptions;
  conduits: Conduits;
  sockets: Sockets;
  webhooks: Webhooks;
  changes: Changes;
  clientId: string;
  now: () => number;
}

interface Sending {
  delivery: EventDelivery;
  subscription: Subscription;
  timestamp: string;
}

/** Nothing on its way. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const { subscriptions, conduits, sockets, webhooks, changes, now } = deps;
  const all: Sending[] = [];
  const held: (() => void)[] = [];
  let losing: { left: number; type: string | undefined } = { left: 0, type: undefined };
  let duplicating = 0;
  let delayMs = 0;
  let isHolding = false;

  function finish(delivery: EventDelivery, state: EventDelivery["state"]): void {
    delivery.state = state;
    changes.notify();
  }

  const payloadOf = ({ subscription, delivery }: Sending) => ({
    subscription: subscriptionWire(subscription),
    event: delivery.event,
  });

  /** The same message every time: a repetition has the id and the timestamp of the first. */
  const messageOf = (sending: Sending) => ({
    ...webhooks.message("notification", sending.subscription, payloadOf(sending)),
    messageId: sending.delivery.messageId,
    timestamp: sending.timestamp,
  });

  function overSocket(sessionId: string, sending: Sending): boolean {
    const { delivery, timestamp, subscription } = sending;
    const { type, version } = subscription;
    const { messageId } = delivery;
    const payload = payloadOf(sending);
    const isSent = sockets
      .find(sessionId)
      ?.send({ kind: "notification", messageId, timestamp, type, version, payload });
    if (isSent === true) delivery.tries.push(101);
    return isSent === true;
  }

  const overWebhook = (target: WebhookTarget, sending: Sending) =>
    webhooks.deliver(target, messageOf(sending), (status) => sending.delivery.tries.push(status));

  /** Tries one shard, and where its socket is gone one other. */
  async function overConduit(conduitId: string, sending: Sending): Promise<boolean> {
    for (const { conduit, shard } of conduits.enabled(conduitId).slice(0, 2)) {
      const { transport } = shard;
      if (transport?.method === "websocket") {
        if (overSocket(transport.sessionId, sending)) return true;
      } else if (transport?.method === "webhook") {
        if (await overWebhook(transport, sending)) return true;
        shardGone(conduit.id, shard, "notification_failures_exceeded");
        return false;
      }
    }
    return false;
  }

  async function send(sending: Sending): Promise<void> {
    const { subscription, delivery } = sending;
    const { transport } = subscription;
    if (transport.method === "webhook") {
      const isTaken = await overWebhook(transport, sending);
      finish(delivery, isTaken ? "sent" : "failed");
      if (!isTaken && subscription.status === "enabled") await revoke(subscription, "notification_failures_exceeded");
    } else if (transport.method === "conduit") {
      finish(delivery, (await overConduit(transport.conduitId, sending)) ? "sent" : "lost");
    } else {
      finish(delivery, overSocket(transport.sessionId, sending) ? "sent" : "lost");
    }
  }

  async function sendAndRepeat(sending: Sending): Promise<void> {
    await send(sending);
    if (duplicating === 0) return;
    duplicating -= 1;
    sending.delivery.state = "waiting";
    await send(sending);
  }

  function isLost(type: string): boolean {
    if (losing.left === 0 || (losing.type !== undefined && losing.type !== type)) return false;
    losing.left -= 1;
    return true;
  }

  function begin(subscription: Subscription, event: Record<string, unknown>): void {
    const { id: subscriptionId, type } = subscription;
    const delivery: EventDelivery = {
      messageId: newMessageId(),
      subscriptionId,
      type,
      event,
      state: "waiting",
      tries: [],
    };
    const sending: Sending = { delivery, subscription, timestamp: nanoTime(now()) };
    all.push(sending);
    if (isLost(type)) {
      finish(delivery, "lost");
      return;
    }
    const go = () => {
      if (delayMs === 0) void sendAndRepeat(sending);
      else setTimeout(() => void sendAndRepeat(sending), delayMs);
    };
    if (isHolding) held.push(go);
    else go();
  }

  function tell(event: StageEvent): void {
    for (const subscription of subscriptions.matching(event)) begin(subscription, event.event);
  }

  async function revoke(subscription: Subscription, status: string): Promise<void> {
    subscription.status = status;
    const payload = { subscription: subscriptionWire(subscription) };
    const { transport, type, version } = subscription;
    if (transport.method === "webhook") {
      await webhooks.send(transport, webhooks.message("revocation", subscription, payload));
    } else if (transport.method === "websocket") {
      sockets.find(transport.sessionId)?.send({ kind: "revocation", type, version, payload });
    } else {
      await revokeOverConduit(transport.conduitId, subscription, payload);
    }
    changes.notify();
  }

  async function revokeOverConduit(conduitId: string, { type, version }: Subscription, payload: object): Promise<void> {
    const transport = conduits.enabled(conduitId)[0]?.shard.transport;
    if (transport?.method === "webhook")
      await webhooks.send(transport, webhooks.message("revocation", { type, version }, payload));
    if (transport?.method === "websocket")
      sockets.find(transport.sessionId)?.send({ kind: "revocation", type, version, payload });
  }

  function shardGone(conduitId: string, shard: Shard, status: string): void {
    disableShard(shard, status, now());
    const transport =
      shard.transport?.method === "webhook"
        ? { method: "webhook", callback: shard.transport.callback }
        : { method: "websocket", session_id: shard.transport?.sessionId };
    tell({
      type: "conduit.shard.disabled",
      condition: { client_id: deps.clientId, conduit_id: conduitId },
      event: { conduit_id: conduitId, shard_id: shard.id, status, transport },
    });
  }

  return {
    tell,
    revoke,
    loseNext(count, type) {
      losing = { left: count, type };
    },
    delay(ms) {
      delayMs = ms;
    },
    duplicateNext(count) {
      duplicating = count;
    },
    hold() {
      isHolding = true;
    },
    switches: () => ({
      losing: losing.left,
      delayMs,
      duplicating,
      holding: isHolding,
      held: held.length,
    }),
    release(order = "same") {
      isHolding = false;
      const kept = held.splice(0);
      for (const go of order === "same" ? kept : kept.reverse()) go();
    },
    async resend(messageId) {
      const sending = all.find(({ delivery }) => delivery.messageId === messageId);
      if (sending === undefined) throw new Error(`there is no message ${messageId}`);
      const { transport } = sending.subscription;
      if (transport.method === "webhook") return webhooks.send(transport, messageOf(sending), 1);
      const isSent =
        transport.method === "conduit"
          ? await overConduit(transport.conduitId, sending)
          : overSocket(transport.sessionId, sending);
      return isSent ? 101 : 0;
    },
    socketGone(sessionId, status) {
      for (const { conduit, shard } of conduits.onSocket(sessionId)) {
        if (shard.status === "enabled") shardGone(conduit.id, shard, status);
      }
      for (const each of subscriptions.all()) {
        if (each.transport.method !== "websocket" || each.transport.sessionId !== sessionId) continue;
        each.status = status;
        each.transport.disconnectedAt = nanoTime(now());
      }
      changes.notify();
    },
    deliveries: () => all.map(({ delivery }) => delivery),
    async settled(ms) {
      await changes.until(
        () => all.every(({ delivery }) => delivery.state !== "waiting"),
        ms,
        "all events are delivered",
      );
    },
  };
}
