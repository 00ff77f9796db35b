import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffDelay } from "../../src/backoff.ts";
import { newClientId } from "../../src/client.id.ts";
import type { ConnectionState } from "../../src/index.ts";
import { connected, serverAndClient } from "../support/connected.ts";
import { until } from "../support/until.ts";

test("the wait is any time up to a bound that doubles to 30 s", () => {
  expect([1, 2, 3, 7, 60].map((attempt) => backoffDelay(attempt, () => 1))).toEqual([
    500, 1_000, 2_000, 30_000, 30_000,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, fraction) => {
        const delay = backoffDelay(attempt, () => fraction);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});

test("client ids are UUIDs of version 7 that rise with time", () => {
  const ids = [1_800_000_000_000, 1_800_000_000_001, 1_900_000_000_000].map(newClientId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
});

test("connects, tells each state, and comes back when the server drops it", async () => {
  const { server, client } = await serverAndClient();
  const states: ConnectionState["status"][] = [];
  client.on("connection", (state) => states.push(state.status));
  expect(client.connection.status).toBe("idle");
  client.connect();
  client.connect();
  await until("online", () => client.connection.status === "online");
  expect(client.connection.hello?.account?.handle).toBe("me");
  server.last.drop();
  await until("a second connection", () => server.sockets.length === 2 && client.connection.status === "online");
  expect(states).toEqual(["connecting", "online", "waiting", "connecting", "online"]);
});

test("waits at least as long as the goodbye says, and longer after each failure", async () => {
  const { server, client } = await connected();
  server.last.say({ type: "goodbye", code: 4002, reconnect: true, afterMs: 300 });
  server.last.socket.close(4002);
  const at = performance.now();
  await until("waiting", () => client.connection.status === "waiting");
  expect(client.connection.reason).toMatchObject({ code: "server.stopping", closeCode: 4002 });
  await until("back", () => client.connection.status === "online");
  expect(performance.now() - at).toBeGreaterThanOrEqual(295);

  // A server that greets and drops at once does not make the client start over with short waits.
  const attempts: number[] = [];
  client.on("connection", (state) => state.status === "waiting" && attempts.push(state.attempt));
  for (let drops = 1; drops <= 3; drops += 1) {
    server.last.drop();
    await until("back", () => client.connection.status === "online" && attempts.length === drops);
  }
  expect(attempts).toEqual([2, 3, 4]);
});

test.each([
  [4101, "", "auth.required"],
  [4102, "member.banned", "member.banned"],
  [4103, "", "connection.protocol"],
  [4104, "connection.too_many", "connection.too_many"],
  [4003, "session expired", "auth.token_expired"],
])("close code %i stops with a reason", async (code, text, reason) => {
  const { server, client } = await connected();
  server.last.socket.close(code, text);
  await until("closed", () => client.connection.status === "closed");
  expect(client.connection.reason).toMatchObject({ code: reason, closeCode: code });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(server.sockets.length).toBe(1);
});

test("a goodbye without return stops, too", async () => {
  const { server, client } = await connected();
  server.last.say({ type: "goodbye", code: 4002, reconnect: false, afterMs: 0 });
  server.last.socket.close(4002);
  await until("closed", () => client.connection.status === "closed");
});

test("a token becomes a new ticket for each connection", async () => {
  const { server, client } = await connected({ token: "secret" });
  expect(server.requests[0]).toEqual({ method: "POST", url: "/api/auth/ticket", authorization: "Bearer secret" });
  server.last.drop();
  await until("back", () => server.sockets.length === 2 && client.connection.status === "online");
  expect(server.sockets.map((socket) => socket.url)).toEqual(["/ws?ticket=t1", "/ws?ticket=t2"]);
});

test("a ticket that was too late is asked for again, a token that is refused is not", async () => {
  const { server, client } = await connected({ token: "secret" });
  server.last.socket.close(4101, "auth.ticket_invalid");
  await until("back", () => server.sockets.length === 2 && client.connection.status === "online");
  server.http = () => ({ status: 401, body: { code: "auth.token_expired", title: "expired" } });
  server.last.drop();
  await until("closed", () => client.connection.status === "closed");
  expect(client.connection.reason?.code).toBe("auth.token_expired");
  server.http = undefined;
  client.setToken("newer");
  await until("back", () => client.connection.status === "online");
  expect(server.requests.at(-1)?.authorization).toBe("Bearer newer");
});

test("finds out that a connection is dead, by asking, within twice the heartbeat", async () => {
  const { server, client } = await serverAndClient();
  server.heartbeatSeconds = 0.1;
  client.connect();
  await until("a ping", () => server.sockets[0]?.count("ping"));
  await until("another ping, as the first was answered", () => server.last.count("ping") > 2);
  expect(server.sockets.length).toBe(1);
  server.answers["ping"] = () => {};
  const at = performance.now();
  await until("a new connection", () => server.sockets.length === 2);
  expect(performance.now() - at).toBeLessThan(600);
});

test("retryNow ends a long wait", async () => {
  const { server, client } = await connected({ backoff: { baseMs: 60_000, capMs: 60_000 } });
  server.last.drop();
  await until("waiting", () => client.connection.status === "waiting");
  client.retryNow();
  await until("back", () => client.connection.status === "online");
});

test("frames of unknown types are left out; what is not JSON makes it connect anew", async () => {
  const { server, client } = await connected();
  const seen: string[] = [];
  client.on("typing", (frame) => seen.push(frame.roomId));
  server.last.say({ type: "holograms", roomId: "r" }, { type: "typing", roomId: "r", account: {} }, { type: "typing" });
  await until("typing", () => seen.length > 0);
  expect(seen).toEqual(["r"]);
  server.last.socket.send("<html>");
  await until("a new connection", () => server.sockets.length === 2);
});

test("a guest without an account says something, so that it is not sent away", async () => {
  const { server, client } = await serverAndClient();
  server.hello = { account: null, guest: true };
  client.connect();
  await until("a ping", () => server.sockets[0]?.count("ping"));
});

test("close() ends it: nothing is tried again, loops end", async () => {
  const { server, client } = await connected();
  const loop = (async () => {
    const types: string[] = [];
    for await (const frame of client.events()) types.push(frame.type);
    return types;
  })();
  server.last.say({ type: "resync", roomId: "r" });
  const heard = await new Promise((resolve) => client.on("resync", resolve));
  expect(heard).toEqual({ type: "resync", roomId: "r" });
  client.close();
  expect(await loop).toEqual(["resync"]);
  expect(client.connection).toMatchObject({ status: "closed", attempt: 0 });
  expect(client.connection.reason).toBeUndefined();
});
