import { expect, test } from "vitest";
import {
  ask,
  join,
  memoryDatabase,
  outcome,
  PASSWORD,
  serverWith,
  testIdentity,
} from "../../../test/support/identity.ts";

test("sessions: listed with their devices, revoked one by one or all others, and gone at once", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "ada", "bo");
  const { ada, bo } = people;
  const signIn = async (agent: string) =>
    (
      await ask(server, "POST", "/api/auth/login", {
        body: { login: "ada", password: PASSWORD },
        headers: { "user-agent": agent },
      })
    ).body.token;
  const phone = await signIn("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36");
  const bot = await signIn("foyer-bot/1.0 <script>");
  const list = async (as: string) => (await ask(server, "GET", "/api/auth/sessions", { as })).body.items ?? [];
  const items = await list(phone);
  expect(new Set(items.map(({ device }) => device))).toEqual(
    new Set(["Chrome on Android", "Unknown device", "foyer-bot"]),
  );
  expect(items.filter(({ current }) => current)).toMatchObject([{ device: "Chrome on Android" }]);

  const botSession = String(items.find(({ device }) => device === "foyer-bot")?.["sessionId"]);
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: bot }))).toBe(200);
  expect(await outcome(ask(server, "DELETE", `/api/auth/sessions/${botSession}`, { as: bo.token }))).toBe(
    "session.not_found",
  );
  expect(await outcome(ask(server, "DELETE", `/api/auth/sessions/${botSession}`, { as: phone }))).toBe(204);
  expect(await outcome(ask(server, "DELETE", `/api/auth/sessions/${botSession}`, { as: phone }))).toBe(
    "session.not_found",
  );
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: bot }))).toBe("auth.token_invalid");

  expect(await outcome(ask(server, "DELETE", "/api/auth/sessions", { as: phone }))).toBe(204);
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: ada.token }))).toBe("auth.token_invalid");
  expect(await list(phone)).toHaveLength(1);
  expect(await list(bo.token)).toHaveLength(1);
});

test("a revocation on another node counts here once the bus tells it", async () => {
  const db = await memoryDatabase();
  const here = testIdentity(db);
  const there = testIdentity(db);
  const { token } = await join(here, "ada");
  there.bus.subscribe("identity.session_revoked", (payload) => here.bus.publish("identity.session_revoked", payload));
  expect(await outcome(ask(here, "GET", "/api/auth/sessions", { as: token }))).toBe(200);
  await ask(there, "POST", "/api/auth/logout", { as: token });
  expect(await outcome(ask(here, "GET", "/api/auth/sessions", { as: token }))).toBe("auth.token_invalid");
});

test("signing in again ends the session that was shown; signing out ends it and takes the cookie away", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "ada");
  const old = people.ada.token;
  const cookie = { cookie: `foyer=${old}`, origin: "http://localhost:3000" };
  const again = await ask(server, "POST", "/api/auth/login", {
    body: { login: "ada", password: PASSWORD },
    headers: cookie,
  });
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: old }))).toBe("auth.token_invalid");
  const fresh = { cookie: `foyer=${again.body.token}`, origin: "http://localhost:3000" };
  const out = await ask(server, "POST", "/api/auth/logout", { headers: fresh });
  expect([out.status, out.headers.get("set-cookie")]).toEqual([
    204,
    "foyer=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
  ]);
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: again.body.token }))).toBe("auth.token_invalid");
  // Signing out twice is no error.
  expect((await ask(server, "POST", "/api/auth/logout", { headers: fresh })).status).toBe(204);
});

test("last use and addresses are written down, seldom", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "ada");
  const { ada } = people;
  const hash = (address: string) => server.identity.hashAddress(address);
  const use = async (from: string) => void (await ask(server, "GET", "/api/auth/session", { as: ada.token, from }));
  const lastUsed = async () =>
    (await ask(server, "GET", "/api/auth/sessions", { as: ada.token })).body.items[0]?.["lastUsedAt"];
  const before = await lastUsed();
  server.clock.advance(60_000);
  await use("192.0.2.1");
  expect(await lastUsed()).toBe(before);
  await use("2001:db8:1:2:3::4");
  await use("2001:db8:1:2:ffff::9");
  await use("2001:db8:1:3::4");
  server.clock.advance(300_000);
  await use("192.0.2.1");
  await server.identity.close();
  expect(await lastUsed()).not.toBe(before);
  const addresses = await server.identity.addressesOf(ada.accountId);
  expect(addresses.sort()).toEqual([hash("192.0.2.1"), hash("2001:db8:1:2::1"), hash("2001:db8:1:3::1")].sort());
  expect(hash("::ffff:192.0.2.1")).toBe(hash("192.0.2.1"));
  expect(addresses.join()).not.toContain("192.0.2");
});

test("sweeping keeps what is needed", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "ada");
  const as = people.ada.token;
  const { ticket } = (await ask(server, "POST", "/api/auth/ticket", { as })).body;
  await server.identity.sweep();
  expect(await server.identity.authenticate({ ticket }, "h")).toMatchObject({ kind: "account" });
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as }))).toBe(200);
});
