import { randomBytes } from "node:crypto";
import { type Context, Hono } from "hono";
import { type Calls, createCalls } from "../harness/calls.ts";
import { type Changes, createChanges } from "../harness/changes.ts";
import { mountControls } from "../harness/controls.ts";
import { createFaults, type Fault } from "../harness/faults.ts";
import { type Listening, type ListenOptions, listen } from "../harness/listen.ts";
import { type ClientKeys, createClientKeys, decrypt } from "./encryption.ts";
import { mountPushPage } from "./push.page.ts";
import { createVapid } from "./vapid.ts";

/** A message that was taken for a subscription. Times in milliseconds since 1970. */
export interface PushMessage {
  id: string;
  at: number;
  topic: string | null;
  /** Seconds. */
  ttl: number;
  urgency: string;
  /** What the browser would read. Throws when it was not sealed for it. */
  text(): string;
}

/** A browser's subscription. */
export interface PushSubscriber {
  name: string;
  endpoint: string;
  keys: ClientKeys;
  /** As `PushSubscription.toJSON()` gives it. */
  json(): { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } };
  /** Every message that was taken, oldest first. */
  messages: PushMessage[];
  /** What waits for a browser that is away: the newest of each topic, as long as its time has not run out. */
  waiting(): PushMessage[];
  /** The person took the permission away: from now on it is gone (410). */
  unsubscribe(): void;
}

/** A push service that runs here. */
export interface PushSimulator extends Listening {
  calls: Calls;
  /** Subscribes a browser. `senderKey`: the public key (base64url) of who alone may send; default: anybody. */
  subscribe(options?: { name?: string; senderKey?: string }): PushSubscriber;
  subscribers(): PushSubscriber[];
  /** Messages that were taken, of all subscriptions. */
  taken(): number;
  /** Waits until `look` finds something; asked again after every message. */
  until: Changes["until"];
  fault(fault: Fault): void;
  clearFaults(): void;
}

export interface PushOptions extends ListenOptions {
  /** The most bytes of a body. Services must take 4,096. */
  maxBytes?: number;
  now?: () => number;
}

interface Held extends PushSubscriber {
  senderKey: string | undefined;
  isGone: boolean;
}

/**
 * Starts a push service (RFC 8030) on the loopback address. Fault kinds of the operation `push`: `gone` (410), `unknown`
 * (404), `limited` (429, for `ms`), `too_large` (413), `error` (500, or `status`), and those of every simulator.
 */
export async function startPush(options: PushOptions = {}): Promise<PushSimulator> {
  const now = options.now ?? (() => Date.now());
  const faults = createFaults(now);
  const calls = createCalls();
  const changes = createChanges();
  const subscribers = new Map<string, Held>();
  let taken = 0;
  let origin = "";
  const vapid = createVapid(() => origin, now);
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  mountControls(app, { faults, calls });
  mountPushPage(app, { subscribers: () => [...subscribers.values()], now });

  async function take(context: Context): Promise<Response> {
    calls.count("push");
    const before = await faults.take("push", "before");
    if (before !== undefined) return faultAnswer(before);
    const subscriber = subscribers.get(context.req.param("id") ?? "");
    if (subscriber === undefined) return problem(404, "the subscription is not known");
    if (subscriber.isGone) return problem(410, "the subscription is gone");
    const doubt = vapid.check(context.req.header("authorization"), subscriber.senderKey);
    if (doubt !== undefined) return problem(doubt.status, doubt.reason);
    const head = readHeaders(context);
    if (typeof head === "string") return problem(400, head);
    const body = Buffer.from(await context.req.arrayBuffer());
    if (body.length > (options.maxBytes ?? 4096)) return problem(413, "the message is too large");
    const id = randomBytes(12).toString("base64url");
    subscriber.messages.push({ id, at: now(), ...head, text: () => decrypt(body, subscriber.keys) });
    taken += 1;
    changes.notify();
    const after = await faults.take("push", "after");
    if (after !== undefined) return faultAnswer(after);
    return new Response(null, { status: 201, headers: { location: `${origin}/message/${id}`, ttl: String(head.ttl) } });
  }

  app.post("/push/:id", take);
  const listening = await listen((request) => app.fetch(request), options);
  origin = listening.url;

  return {
    ...listening,
    calls,
    subscribe({ name = "a browser", senderKey } = {}) {
      const id = randomBytes(24).toString("base64url");
      const keys = createClientKeys();
      const endpoint = `${origin}/push/${id}`;
      const subscriber: Held = {
        name,
        endpoint,
        keys,
        senderKey,
        isGone: false,
        messages: [],
        json: () => ({ endpoint, expirationTime: null, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
        waiting() {
          const good = subscriber.messages.filter(({ at, ttl }) => at + ttl * 1000 > now());
          const last = new Map(good.map((message) => [message.topic ?? message.id, message]));
          return [...last.values()];
        },
        unsubscribe() {
          subscriber.isGone = true;
        },
      };
      subscribers.set(id, subscriber);
      return subscriber;
    },
    subscribers: () => [...subscribers.values()],
    taken: () => taken,
    until: changes.until,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
}

/** What a message says about itself, or what is wrong with it. */
function readHeaders(context: Context): { ttl: number; topic: string | null; urgency: string } | string {
  const ttl = context.req.header("ttl") ?? "";
  if (!/^\d{1,10}$/.test(ttl)) return "TTL must be a number of seconds";
  if (context.req.header("content-encoding") !== "aes128gcm") return "Content-Encoding must be aes128gcm";
  const topic = context.req.header("topic") ?? null;
  if (topic !== null && !/^[\w-]{1,32}$/.test(topic)) return "Topic must be at most 32 characters of base64url";
  const urgency = context.req.header("urgency") ?? "normal";
  if (!["very-low", "low", "normal", "high"].includes(urgency)) return "Urgency is not known";
  return { ttl: Number(ttl), topic, urgency };
}

const problem = (status: number, reason: string, headers: Record<string, string> = {}) =>
  Response.json({ code: status, errno: status, error: reason }, { status, headers });

function faultAnswer({ kind, status = 500, ms = 1000 }: Fault): Response {
  switch (kind) {
    case "gone":
      return problem(410, "the subscription is gone");
    case "unknown":
      return problem(404, "the subscription is not known");
    case "too_large":
      return problem(413, "the message is too large");
    case "limited":
      return problem(429, "too many messages", { "retry-after": String(Math.ceil(ms / 1000)) });
    default:
      return problem(status, "internal error");
  }
}
