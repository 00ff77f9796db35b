import { SignJWT, UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import { eachEngine } from "../../../test/support/engines.ts";
import { ask, join, memoryDatabase, PASSWORD, TEST_SECRET, testIdentity } from "../../../test/support/identity.ts";

const login = (handle: string, password = PASSWORD) => ({ body: { login: handle, password } });

eachEngine((_engine, open) => {
  test("two people who register at once on a new server: one owner, one member, and a session each", async () => {
    const server = testIdentity(await open());
    expect((await ask(server, "GET", "/api/auth/session")).body).toMatchObject({ account: null, setup: true });
    const people = await Promise.all([join(server, "ada"), join(server, "bo")]);
    expect(people.map(({ role }) => role).sort()).toEqual(["member", "owner"]);
    for (const { token, accountId } of people) {
      const { body } = await ask(server, "GET", "/api/auth/session", { as: token });
      expect(body).toMatchObject({ account: { accountId }, setup: false });
    }
  });

  test("a ticket opens one socket, also when several ask for it at once", async () => {
    const server = testIdentity(await open());
    const { token, accountId } = await join(server, "ada");
    const { body } = await ask(server, "POST", "/api/auth/ticket", { as: token });
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => server.identity.authenticate({ ticket: body.ticket }, "hash")),
    );
    const callers = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
    expect(callers).toMatchObject([{ kind: "account", accountId, addressHash: "hash" }]);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "auth.ticket_invalid" });
    }
  });
});

test("unknown handle, wrong password and a guest without one: the same status, headers and body", async () => {
  const server = testIdentity(await memoryDatabase(), { guests: "write" });
  await join(server, "ada");
  const guest = await ask(server, "POST", "/api/auth/guest");
  const tries = [
    await ask(server, "POST", "/api/auth/login", login("ada", "wrong password")),
    await ask(server, "POST", "/api/auth/login", login("nobody", "wrong password")),
    await ask(server, "POST", "/api/auth/login", login("nobody@example.org", "wrong password")),
    await ask(server, "POST", "/api/auth/login", login(guest.body.account?.handle ?? "")),
  ];
  expect(tries[0]?.body.code).toBe("auth.invalid_credentials");
  const seen = tries.map(({ status, text, headers }) => {
    headers.delete("x-request-id");
    return JSON.stringify([status, text, [...headers]]);
  });
  expect(new Set(seen).size).toBe(1);
});

test("signing in by handle or address, whatever the case", async () => {
  const server = testIdentity(await memoryDatabase());
  await join(server, "Ada", { email: "Ada@Example.org" });
  for (const name of ["ada", " ADA ", "ada@example.ORG"]) {
    const answer = await ask(server, "POST", "/api/auth/login", login(name));
    expect(answer.body).toMatchObject({ account: { handle: "ada", email: "ada@example.org" } });
  }
  expect((await server.metrics.metrics()).match(/foyer_sign_ins_total{result="success"} (\d)/)?.[1]).toBe("3");
});

test("the password is the same in every way of typing it", async () => {
  const server = testIdentity(await memoryDatabase());
  const { status } = await ask(server, "POST", "/api/auth/register", {
    body: { handle: "ada", password: "Ångström ½!" },
  });
  expect(status).toBe(201);
  expect((await ask(server, "POST", "/api/auth/login", login("ada", "Ångström ½!".normalize("NFD")))).status).toBe(200);
});

test("attempts are limited for each account and for each address, and say how long to wait", async () => {
  const server = testIdentity(await memoryDatabase(), { config: { limits: limitsWith(3) } });
  await join(server, "ada");
  const attempt = (handle: string, from: string) =>
    ask(server, "POST", "/api/auth/login", { ...login(handle, "wrong password"), from });
  for (let at = 0; at < 3; at++) expect((await attempt("ada", `192.0.2.${at}`)).status).toBe(401);
  const limited = await attempt("ada", "192.0.2.9");
  expect([limited.status, limited.body.code, Number(limited.headers.get("retry-after")) > 0]).toEqual([
    429,
    "rate.limited",
    true,
  ]);
  // Even the right password does not help now; nor does another name for whoever comes from one address.
  expect((await ask(server, "POST", "/api/auth/login", { ...login("ada"), from: "192.0.2.8" })).status).toBe(429);
  for (let at = 0; at < 3; at++) expect((await attempt(`x${at}`, "198.51.100.7")).status).toBe(401);
  expect((await attempt("fresh", "198.51.100.7")).status).toBe(429);
  server.clock.advance(60_000);
  expect((await ask(server, "POST", "/api/auth/login", { ...login("ada"), from: "192.0.2.8" })).status).toBe(200);
  expect(await server.metrics.metrics()).toContain('foyer_sign_ins_total{result="limited"} 3');
});

test("each failure makes the next attempt slower, for names of nobody too; success and time forgive", async () => {
  const server = testIdentity(await memoryDatabase());
  await join(server, "ada");
  const waitsFor = async (handle: string, password: string) => {
    server.waits.length = 0;
    await ask(server, "POST", "/api/auth/login", login(handle, password));
    return server.waits[0] ?? 0;
  };
  for (const handle of ["ada", "nobody"]) {
    const waits = [];
    for (let at = 0; at < 9; at++) waits.push(await waitsFor(handle, "wrong password"));
    expect(waits).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000, 4000]);
  }
  expect(await waitsFor("ada", PASSWORD)).toBe(4000);
  expect(await waitsFor("ada", PASSWORD)).toBe(0);
  server.clock.advance(900_001);
  expect(await waitsFor("nobody", "wrong password")).toBe(0);
});

test("no token but our own of this kind and time is taken", async () => {
  const server = testIdentity(await memoryDatabase());
  const { token, accountId } = await join(server, "ada");
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { jti: string };
  const key = new TextEncoder().encode(TEST_SECRET);
  const now = Math.floor(server.clock.now() / 1000);
  const make = (
    over: { alg?: string; key?: Uint8Array; iss?: string; aud?: string; exp?: number; jti?: string; sub?: string } = {},
  ) =>
    new SignJWT()
      .setProtectedHeader({ alg: over.alg ?? "HS256" })
      .setIssuer(over.iss ?? "foyer")
      .setAudience(over.aud ?? "foyer:session")
      .setSubject(over.sub ?? accountId)
      .setJti(over.jti ?? claims.jti)
      .setExpirationTime(over.exp ?? now + 60)
      .sign(over.key ?? key);
  const codeFor = async (bearer: string) =>
    server.identity.authenticate({ bearer }, "hash").then(
      (caller) => caller.kind,
      (error: { code: string }) => error.code,
    );

  // The forge works where nothing is forged, so that the refusals below mean something.
  expect(await codeFor(await make())).toBe("account");
  const unsigned = new UnsecuredJWT({})
    .setIssuer("foyer")
    .setAudience("foyer:session")
    .setSubject(accountId)
    .setJti(claims.jti)
    .setExpirationTime(now + 60)
    .encode();
  const [head, body, signature = ""] = token.split(".");
  const bad = [
    unsigned,
    `${unsigned}${signature}`,
    await make({ alg: "HS512" }),
    await make({ key: new TextEncoder().encode("another secret that is long enough too") }),
    await make({ iss: "elsewhere" }),
    await make({ aud: "foyer:other" }),
    await make({ sub: "0192aaaa-0000-7000-8000-000000000001" }),
    await make({ jti: "0192aaaa-0000-7000-8000-000000000001" }),
    await make({ exp: now - 60, key: new TextEncoder().encode("another secret that is long enough too") }),
    `${head}.${Buffer.from(JSON.stringify({ ...claims, exp: now + 9_999_999 })).toString("base64url")}.${signature}`,
    `${head}.${body}.`,
    `${head}.${body}`,
    "",
    "a.b.c",
    "x".repeat(10_000),
  ];
  for (const each of bad)
    expect([each.slice(0, 30), await codeFor(each)]).toEqual([each.slice(0, 30), "auth.token_invalid"]);
  expect(await codeFor(await make({ exp: now - 60 }))).toBe("auth.token_expired");
  server.clock.advance(86_400_000);
  expect(await codeFor(token)).toBe("auth.token_expired");
});

test("no credentials at all: nobody in particular; a bad bearer or ticket never gives way to a good cookie", async () => {
  const server = testIdentity(await memoryDatabase());
  const { token } = await join(server, "ada");
  expect(await server.identity.authenticate({}, "hash")).toEqual({ kind: "anonymous", addressHash: "hash" });
  expect(await server.identity.authenticate({ cookie: token }, "hash")).toMatchObject({ kind: "account" });
  const both = server.identity.authenticate({ bearer: "x", cookie: token }, "hash");
  await expect(both).rejects.toMatchObject({ code: "auth.token_invalid" });
  const ticket = server.identity.authenticate({ ticket: "x", cookie: token }, "hash");
  await expect(ticket).rejects.toMatchObject({ code: "auth.ticket_invalid" });
});

test("a ticket lasts 30 seconds, and not longer than its session", async () => {
  const server = testIdentity(await memoryDatabase());
  const { token } = await join(server, "ada");
  const issue = async () => (await ask(server, "POST", "/api/auth/ticket", { as: token })).body.ticket;
  const [late, orphan] = [await issue(), await issue()];
  await ask(server, "POST", "/api/auth/logout", { as: token });
  await expect(server.identity.authenticate({ ticket: orphan }, "h")).rejects.toMatchObject({
    code: "auth.token_invalid",
  });
  server.clock.advance(30_000);
  await expect(server.identity.authenticate({ ticket: late }, "h")).rejects.toMatchObject({
    code: "auth.ticket_invalid",
  });
});

function limitsWith(signInsPerMinute: number) {
  return {
    frameBytes: 1,
    messageCharacters: 1,
    subscriptionsPerConnection: 1,
    messagesPer5Seconds: 1,
    connectionsPerAccount: 1,
    connectionsPerAddress: 2,
    signInsPerMinute,
  };
}
