import { createHmac, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { afterAll, afterEach, expect, test } from "vitest";
import { listen } from "../../harness/listen.ts";
import { startTwitch } from "../index.ts";

const secret = "a secret of eventsub";
const twitch = await startTwitch({ eventsub: { webhooks: { retryMs: [5, 10], answerMs: 500 } } });
const received: {
  headers: Headers;
  text: string;
  body: { challenge?: string; subscription: { id: string; status: string } };
}[] = [];
let answer: (kind: string, challenge: string) => Response = (_, challenge) => new Response(challenge);

const app = new Hono();
app.post("/hook", async (context) => {
  const text = await context.req.text();
  received.push({ headers: context.req.raw.headers, text, body: JSON.parse(text) });
  const kind = context.req.header("twitch-eventsub-message-type") ?? "";
  return answer(kind, JSON.parse(text).challenge ?? "");
});
const receiver = await listen((request) => app.fetch(request));
const callback = `${receiver.url}/hook`;
afterAll(() => Promise.all([twitch.close(), receiver.close()]));
afterEach(() => {
  answer = (_, challenge) => new Response(challenge);
  received.length = 0;
  for (const { id } of twitch.eventsub.subscriptions.all()) twitch.eventsub.subscriptions.remove(id);
});

const { access_token: token } = (await (
  await fetch(`${twitch.url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: twitch.app.clientId,
      client_secret: twitch.app.clientSecret,
    }),
  })
).json()) as { access_token: string };

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(`${twitch.url}/helix/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "client-id": twitch.app.clientId },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

const subscribe = (type = "stream.online", more: object = {}) =>
  ask("POST", "eventsub/subscriptions", {
    type,
    version: "1",
    condition: { broadcaster_user_id: "1001" },
    transport: { method: "webhook", callback, secret },
    ...more,
  });

async function subscribed(type?: string): Promise<string> {
  const { id } = (await subscribe(type)).body.data[0];
  await twitch.until(() => twitch.eventsub.subscriptions.find(id)?.status === "enabled");
  return id;
}

test("a subscription waits for its challenge, which is signed, and is enabled by the answer alone", async () => {
  const made = await subscribe();
  expect(made.status).toBe(202);
  expect(made.body).toMatchObject({
    data: [{ status: "webhook_callback_verification_pending", cost: 1, transport: { method: "webhook", callback } }],
    total: 1,
    total_cost: 1,
    max_total_cost: 10_000,
  });
  expect(JSON.stringify(made.body)).not.toContain(secret);
  const { id } = made.body.data[0];
  await twitch.until(() => twitch.eventsub.subscriptions.find(id)?.status === "enabled");
  const { headers, text } = received[0] ?? { headers: new Headers(), text: "" };
  const signed = ["id", "timestamp"].map((name) => headers.get(`twitch-eventsub-message-${name}`)).join("") + text;
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(signed).digest("hex")}`);
  expect(timingSafeEqual(expected, Buffer.from(headers.get("twitch-eventsub-message-signature") ?? ""))).toBe(true);
  expect(await subscribe()).toMatchObject({
    status: 409,
    body: { error: "Conflict", message: "subscription already exists" },
  });

  answer = () => new Response("something else");
  const other = (await subscribe("stream.offline")).body.data[0].id;
  await twitch.until(
    () => twitch.eventsub.subscriptions.find(other)?.status === "webhook_callback_verification_failed",
  );
});

test("going live is told once, and again with the same id until it is taken", async () => {
  const id = await subscribed();
  received.length = 0;
  answer = () => new Response(null, { status: received.length < 3 ? 500 : 204 });
  const stream = twitch.goLive("ada", { title: "Hello", game: "Chess", viewers: 3 });
  await twitch.eventsub.dispatch.settled();
  expect(received.map(({ headers }) => headers.get("twitch-eventsub-message-retry"))).toEqual(["0", "1", "2"]);
  expect(new Set(received.map(({ headers }) => headers.get("twitch-eventsub-message-id"))).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers.get("twitch-eventsub-message-signature"))).size).toBe(1);
  expect(JSON.parse(received[0]?.text ?? "")).toMatchObject({
    subscription: { id, type: "stream.online", status: "enabled" },
    event: { id: stream.id, broadcaster_user_id: "1001", broadcaster_user_name: "Ada", type: "live" },
  });
  twitch.endStream("ada");
});

test("what is never taken ends the subscription, which is then told so", async () => {
  const id = await subscribed();
  received.length = 0;
  answer = (kind) => new Response(null, { status: kind === "revocation" ? 204 : 503 });
  twitch.goLive("ada");
  await twitch.until(() =>
    received.some(({ headers }) => headers.get("twitch-eventsub-message-type") === "revocation"),
  );
  expect(twitch.eventsub.subscriptions.find(id)?.status).toBe("notification_failures_exceeded");
  expect(received.at(-1)?.body.subscription.status).toBe("notification_failures_exceeded");
  expect((await subscribe()).status).toBe(202);
  twitch.endStream("ada");
});

test("messages can be lost, doubled, turned round and resent", async () => {
  const { dispatch } = twitch.eventsub;
  await subscribed();
  await subscribed("stream.offline");
  received.length = 0;
  const types = () => received.map(({ headers }) => headers.get("twitch-eventsub-subscription-type"));
  twitch.loseNextEvents(1, "stream.online");
  const stream = twitch.goLive("ada");
  await dispatch.settled();
  expect(types()).toEqual([]);
  dispatch.hold();
  const again = twitch.flap("ada");
  expect(again.id).toBe(stream.id);
  dispatch.release("reverse");
  await dispatch.settled();
  expect(new Set(types())).toEqual(new Set(["stream.offline", "stream.online"]));
  received.length = 0;
  dispatch.duplicateNext(1);
  const other = twitch.flap("ada", { newId: true });
  expect(other.id).not.toBe(stream.id);
  await dispatch.settled();
  await twitch.until(() => received.length === 3);
  const last = dispatch.deliveries().at(-1)?.messageId ?? "";
  expect(await dispatch.resend(last)).toBe(200);
  expect(received.at(-1)?.headers.get("twitch-eventsub-message-id")).toBe(last);
  twitch.endStream("ada");
});

test("subscriptions are listed in pages, filtered, deleted, and checked when they are made", async () => {
  await subscribed();
  await subscribed("stream.offline");
  const list = await ask("GET", "eventsub/subscriptions?type=stream.online");
  expect(list.body).toMatchObject({ total: 2, data: [{ type: "stream.online" }], pagination: {} });
  expect((await ask("DELETE", `eventsub/subscriptions?id=${list.body.data[0].id}`)).status).toBe(204);
  expect((await ask("DELETE", `eventsub/subscriptions?id=${list.body.data[0].id}`)).status).toBe(404);
  const refused = async (more: object) => (await subscribe("stream.online", more)).status;
  expect(await refused({ version: "9" })).toBe(400);
  expect(await refused({ condition: {} })).toBe(400);
  expect(await refused({ transport: { method: "webhook", callback, secret: "short" } })).toBe(400);
  expect(await refused({ transport: { method: "webhook", callback: "http://foyer.example/hook", secret } })).toBe(400);
  expect(await refused({ transport: { method: "websocket", session_id: "x" } })).toBe(400);
  expect(await refused({ transport: { method: "conduit", conduit_id: "x" } })).toBe(404);
});

test("Helix counts points, and says when they are gone", async () => {
  const { headers } = await ask("GET", "streams");
  expect(headers.get("ratelimit-limit")).toBe("800");
  twitch.points.leave(1);
  expect((await ask("GET", "streams")).status).toBe(200);
  expect(await ask("GET", "streams")).toMatchObject({ status: 429, body: { error: "Too Many Requests", status: 429 } });
  twitch.points.leave(800);
});

test("Get Streams lags behind, channels do not, and the recording has its length", async () => {
  twitch.stage.lag(60_000);
  twitch.goLive("bo_live", { title: "Late", game: "Chess", startedAt: Date.now() - 3_725_000 });
  expect((await ask("GET", "streams?user_id=1002")).body.data).toEqual([]);
  expect((await ask("GET", "channels?broadcaster_id=1002")).body.data[0]).toMatchObject({
    title: "Late",
    game_name: "Chess",
  });
  twitch.endStream("bo_live");
  twitch.stage.lag(0);
  const videos = await ask("GET", "videos?user_id=1002&type=archive&first=1");
  expect(videos.body.data[0]).toMatchObject({
    title: "Late",
    type: "archive",
    duration: expect.stringMatching(/^1h2m\d+s$/),
  });
});
