import { afterAll, afterEach, expect, test } from "vitest";
import webPush from "web-push";
import { startPush } from "./index.ts";

let at = Date.now();
const push = await startPush({ now: () => at });
afterAll(() => push.close());
afterEach(() => push.clearFaults());
const sender = webPush.generateVAPIDKeys();
const vapidDetails = { subject: "mailto:foyer@people.example", ...sender };

/** Sends what the library `web-push` makes, as a server does. Resolves to the status. */
async function send(subscription: webPush.PushSubscription, text: string, more: webPush.RequestOptions = {}) {
  const options = { vapidDetails, TTL: 60, ...more };
  const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, text, options);
  const sent = { method: "POST", headers: headers as Record<string, string>, body: new Uint8Array(body ?? []) };
  return (await fetch(endpoint, sent)).status;
}

test("what is sealed for a browser is read by it alone", async () => {
  const [one, two] = [push.subscribe(), push.subscribe()];
  expect(await send(one.json(), "Ada is live ☕", { topic: "abc", urgency: "high" })).toBe(201);
  expect(one.messages).toMatchObject([{ topic: "abc", ttl: 60, urgency: "high" }]);
  expect(one.messages[0]?.text()).toBe("Ada is live ☕");
  expect(await send({ endpoint: two.endpoint, keys: one.json().keys }, "for one")).toBe(201);
  expect(() => two.messages[0]?.text()).toThrow("unable to authenticate data");
});

test("of a topic the newest waits, for as long as it was given", async () => {
  const phone = push.subscribe();
  for (const text of ["first", "second"]) await send(phone.json(), text, { topic: "stream" });
  await send(phone.json(), "other", { TTL: 600 });
  expect(phone.messages).toHaveLength(3);
  expect(phone.waiting().map((each) => each.text())).toEqual(["second", "other"]);
  at += 61_000;
  expect(phone.waiting().map((each) => each.text())).toEqual(["other"]);
});

test("a sender without a good token of its own is refused", async () => {
  const phone = push.subscribe({ senderKey: sender.publicKey });
  expect(await send(phone.json(), "x")).toBe(201);
  const stranger = { subject: "mailto:x@people.example", ...webPush.generateVAPIDKeys() };
  expect(await send(phone.json(), "x", { vapidDetails: stranger })).toBe(403);
  const post = (headers: Record<string, string>) =>
    fetch(phone.endpoint, { method: "POST", headers: { ttl: "1", "content-encoding": "aes128gcm", ...headers } });
  expect((await post({})).status).toBe(401);
  const { headers } = webPush.generateRequestDetails(phone.json(), "x", { vapidDetails, TTL: 1 });
  const authorization = String(headers["Authorization"]);
  expect((await post({ authorization: authorization.replace("vapid t=ey", "vapid t=ez") })).status).toBe(403);
  expect((await post({ authorization, topic: "x".repeat(33) })).status).toBe(400);
  expect((await post({ authorization, ttl: "soon" })).status).toBe(400);
  at += 2 * 86_400_000;
  expect((await post({ authorization })).status).toBe(403);
});

test("what is gone, unknown, too large or too much is answered as push services do", async () => {
  const phone = push.subscribe();
  at = Date.now();
  expect(await send({ ...phone.json(), endpoint: `${push.url}/push/nobody` }, "x")).toBe(404);
  push.fault({ kind: "limited", operation: "push", times: 1, ms: 2000 });
  expect(await send(phone.json(), "x")).toBe(429);
  push.fault({ kind: "too_large", operation: "push", times: 1 });
  expect(await send(phone.json(), "x")).toBe(413);
  phone.unsubscribe();
  expect(await send(phone.json(), "x")).toBe(410);
  expect(phone.messages).toHaveLength(0);
});
