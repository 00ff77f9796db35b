import { once } from "node:events";
import { afterAll, afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTwitch } from "../index.ts";

const twitch = await startTwitch({
  eventsub: { sockets: { keepaliveSeconds: 1, unusedMs: 300, reconnectMs: 500 } },
});
afterAll(() => twitch.close());
const open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate();
});

interface Message {
  metadata: { message_type: string; message_id: string; subscription_type?: string };
  payload: {
    session?: { id: string; status: string; keepalive_timeout_seconds: number | null; reconnect_url: string | null };
    event?: { id: string };
    subscription?: { status: string; transport: object };
  };
}

function connect(url = twitch.environment["TWITCH_EVENTSUB_WS_URL"] ?? "") {
  const socket = new WebSocket(url);
  open.push(socket);
  const messages: Message[] = [];
  const waiting: (() => void)[] = [];
  socket.on("message", (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    for (const each of waiting.splice(0)) each();
  });
  return {
    socket,
    messages,
    /** The next message of a kind, from the first on. */
    async next(kind: string, skip = 0): Promise<Message> {
      for (;;) {
        const found = messages.filter(({ metadata }) => metadata.message_type === kind)[skip];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    closed: once(socket, "close") as Promise<[number, Buffer]>,
  };
}

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
  const response = await fetch(`${twitch.url}/helix/eventsub/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "client-id": twitch.app.clientId },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** A conduit with one shard on a new socket, subscribed to Ada going live. */
async function attached() {
  const client = connect();
  const sessionId = (await client.next("session_welcome")).payload.session?.id ?? "";
  const conduit = (await ask("POST", "conduits", { shard_count: 1 })).body.data[0];
  const shards = [{ id: "0", transport: { method: "websocket", session_id: sessionId } }];
  const patched = await ask("PATCH", "conduits/shards", { conduit_id: conduit.id, shards });
  expect(patched).toMatchObject({ status: 202, body: { data: [{ id: "0", status: "enabled" }], errors: [] } });
  const subscribed = await ask("POST", "subscriptions", {
    type: "stream.online",
    version: "1",
    condition: { broadcaster_user_id: "1001" },
    transport: { method: "conduit", conduit_id: conduit.id },
  });
  expect(subscribed).toMatchObject({ status: 202, body: { data: [{ status: "enabled" }] } });
  return {
    client,
    conduitId: conduit.id as string,
    subscriptionId: subscribed.body.data[0].id as string,
    async leave() {
      await ask("DELETE", `conduits?id=${conduit.id}`);
      if (twitch.stage.live("1001") !== undefined) twitch.endStream("ada");
    },
  };
}

test("a socket is welcomed, kept alive, and closed when nobody uses it", async () => {
  const client = connect();
  const { session } = (await client.next("session_welcome")).payload;
  expect(session).toMatchObject({ status: "connected", keepalive_timeout_seconds: 1, reconnect_url: null });
  expect((await client.closed)[0]).toBe(4003);
});

test("whoever writes to it is thrown out", async () => {
  const client = connect();
  await client.next("session_welcome");
  client.socket.send("hello");
  expect((await client.closed)[0]).toBe(4001);
});

test("a conduit sends over its shard's socket, and silence is filled with keepalives", async () => {
  const { client, leave } = await attached();
  const stream = twitch.goLive("ada");
  const told = await client.next("notification");
  expect(told.metadata.subscription_type).toBe("stream.online");
  expect(told.payload.event?.id).toBe(stream.id);
  expect(told.payload.subscription?.transport).toMatchObject({ method: "conduit" });
  expect((await client.next("session_keepalive")).payload).toEqual({});
  await leave();
});

test("a session moves to another socket, without a gap and with its shards", async () => {
  const { client, conduitId, leave } = await attached();
  twitch.eventsub.sockets.askToReconnect(new URL(twitch.url).host);
  const { session } = (await client.next("session_reconnect")).payload;
  expect(session).toMatchObject({ status: "reconnecting", keepalive_timeout_seconds: null });
  const before = twitch.goLive("ada");
  expect((await client.next("notification")).payload.event?.id).toBe(before.id);
  const next = connect(session?.reconnect_url ?? "");
  const welcome = await next.next("session_welcome");
  const after = twitch.flap("ada", { newId: true });
  expect((await next.next("notification")).payload.event?.id).toBe(after.id);
  const shards = await ask("GET", `conduits/shards?conduit_id=${conduitId}`);
  expect(shards.body.data[0]).toMatchObject({
    status: "enabled",
    transport: { session_id: welcome.payload.session?.id },
  });
  expect((await client.closed)[0]).toBe(4004);
  expect((await ask("GET", `conduits/shards?conduit_id=${conduitId}`)).body.data[0].status).toBe("enabled");
  const wrong = connect(session?.reconnect_url ?? "");
  expect((await wrong.closed)[0]).toBe(4007);
  await leave();
});

test("a dropped socket disables its shard, the subscription stays, and what happens meanwhile is lost", async () => {
  const { client, conduitId, subscriptionId, leave } = await attached();
  twitch.eventsub.sockets.drop();
  await client.closed;
  const shards = () => ask("GET", `conduits/shards?conduit_id=${conduitId}`);
  await twitch.until(() => twitch.eventsub.conduits.enabled(conduitId).length === 0);
  expect((await shards()).body.data[0].status).toBe("websocket_disconnected");
  expect(twitch.eventsub.subscriptions.find(subscriptionId)?.status).toBe("enabled");
  twitch.goLive("ada");
  await twitch.eventsub.dispatch.settled();
  expect(twitch.eventsub.dispatch.deliveries().at(-1)?.state).toBe("lost");
  await leave();
});

test("a shard takes only a session that is there, and shards that the conduit has", async () => {
  const { conduitId, leave } = await attached();
  const transport = { method: "websocket", session_id: "nobody" };
  const shards = [
    { id: "0", transport },
    { id: "7", transport },
  ];
  const { body } = await ask("PATCH", "conduits/shards", { conduit_id: conduitId, shards });
  expect(body).toMatchObject({
    data: [],
    errors: [
      { id: "0", code: "invalid_parameter", message: expect.stringContaining("does not exist") },
      { id: "7", code: "invalid_parameter", message: expect.stringContaining("range") },
    ],
  });
  await leave();
  for (let made = 0; made < 5; made += 1) await ask("POST", "conduits", { shard_count: 1 });
  expect((await ask("POST", "conduits", { shard_count: 1 })).status).toBe(429);
  for (const { id } of (await ask("GET", "conduits")).body.data) await ask("DELETE", `conduits?id=${id}`);
});

test("a revocation is told over the socket", async () => {
  const { client, leave } = await attached();
  await twitch.revokeSubscriptions("ada", "user_removed");
  expect((await client.next("revocation")).payload.subscription?.status).toBe("user_removed");
  await leave();
});
