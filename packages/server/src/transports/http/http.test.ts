import { errorCodes } from "@foyer/protocol";
import { expect, test } from "vitest";
import { testHttp } from "../../../test/support/http.ts";
import { createLogger } from "../../platform/logs/logger.ts";
import type { Http } from "./index.ts";

const ORIGIN = "http://localhost:3000";

function call(http: Http, method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  return http.fetch(new Request(`${ORIGIN}${path}`, { method, headers, ...(body === undefined ? {} : { body }) }));
}
const postJson = (http: Http, path: string, value: unknown, headers: Record<string, string> = {}) =>
  call(http, "POST", path, { "content-type": "application/json", ...headers }, JSON.stringify(value));
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

function withLogin(over: Parameters<typeof testHttp>[0] = {}) {
  const http = testHttp(over);
  const seen: unknown[] = [];
  http.face.mount("login", async ({ body, setSession }) => {
    seen.push(body);
    setSession("token", 4_000_000_000_000);
    const account = {
      accountId: "0192aaaa-0000-7000-8000-000000000001",
      handle: "ada",
      displayName: "Ada",
      role: "member" as const,
      createdAt: "2026-01-01T00:00:00.000Z",
    };
    return { account: { ...account, passwordHash: "never" }, token: "t", expiresAt: "2026-01-02T00:00:00.000Z" };
  });
  http.face.mount("ticket", async () => ({ ticket: "t", expiresAt: "2026-01-02T00:00:00.000Z" }));
  http.face.mount("logout", async ({ clearSession }) => clearSession());
  http.face.mount("listAudit", async () => ({ items: [] }));
  http.face.mount("searchAccounts", async ({ query }) => ({
    items: [
      { accountId: "0192aaaa-0000-7000-8000-000000000001", handle: `${query.q}:${query.limit}`, displayName: "x" },
    ],
  }));
  http.face.mount("getRoom", async ({ params }) => {
    throw new TypeError(`a defect with a secret ${params.roomId}`);
  });
  return { http, seen };
}

test("parses input, answers the contract's fields alone, and sets the cookie", async () => {
  const { http, seen } = withLogin();
  const response = await postJson(http, "/api/auth/login", { login: "  ada ", password: "x" });
  expect(response.status).toBe(200);
  expect(seen).toEqual([{ login: "ada", password: "x" }]);
  expect(await response.text()).not.toContain("never");
  const cookie = response.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^foyer=token; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  const secure = withLogin({ config: { publicUrl: "https://chat.example", allowedOrigins: [] } }).http;
  const over = await postJson(secure, "/api/auth/login", { login: "ada", password: "x" });
  expect(over.headers.get("set-cookie")).toMatch(/^__Host-foyer=token; Path=\/; HttpOnly; SameSite=Strict; Secure; /);
  expect(over.headers.get("strict-transport-security")).toContain("max-age=");
});

test("query values get their defaults and types; wrong ones name the field and not the value", async () => {
  const { http } = withLogin();
  const bearer = { authorization: "Bearer member" };
  const good = await call(http, "GET", "/api/accounts?q=a", bearer);
  expect(await good.json()).toMatchObject({ items: [{ handle: "a:10" }] });
  const bad = await call(http, "GET", "/api/accounts?limit=evil-value", bearer);
  expect(bad.status).toBe(400);
  const text = await bad.text();
  expect(JSON.parse(text)).toMatchObject({ code: "request.invalid", errors: [{ path: "limit" }] });
  expect(text).not.toContain("evil-value");
});

test("answers bodies that are not what they must be by stable codes", async () => {
  const { http, seen } = withLogin();
  const path = "/api/auth/login";
  const json = { "content-type": "application/json" };
  const invalid = await postJson(http, path, { login: 7, password: "x", "<script>": 1, extra: 1 });
  expect(invalid.status).toBe(400);
  expect(invalid.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await invalid.json()) as { errors: { path: string }[] };
  expect(problem).toMatchObject({ code: "request.invalid", status: 400, title: "Bad Request" });
  expect(problem.errors.map(({ path }) => path).sort()).toEqual(["(key)", "extra", "login"]);
  expect(JSON.stringify(problem)).not.toContain("script");

  const cases: [Response, number, string][] = [
    [await call(http, "POST", path, json, "{"), 400, "request.malformed"],
    [await call(http, "POST", path, json), 400, "request.malformed"],
    [await call(http, "POST", path, json, "[".repeat(60_000)), 400, "request.malformed"],
    [await call(http, "POST", path, json, `${"[".repeat(30_000)}${"]".repeat(30_000)}`), 400, "request.invalid"],
    [await call(http, "POST", path, json, "null"), 400, "request.invalid"],
    [await call(http, "POST", path, json, '{"__proto__":{"login":"a","password":"b"}}'), 400, "request.invalid"],
    [
      await http.fetch(
        new Request(ORIGIN + path, { method: "POST", headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) }),
      ),
      400,
      "request.malformed",
    ],
    [await call(http, "POST", path, { "content-type": "text/plain" }, "{}"), 415, "request.unsupported_media_type"],
    [await call(http, "POST", path, {}, "{}"), 415, "request.unsupported_media_type"],
    [
      await call(http, "POST", path, { ...json, "content-encoding": "gzip" }, "{}"),
      415,
      "request.unsupported_media_type",
    ],
    [await call(http, "POST", path, json, `"${"x".repeat(65_536)}"`), 413, "request.too_large"],
  ];
  for (const [response, status, code] of cases)
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  expect(seen).toEqual([]);
  // The largest body that is allowed is read and judged by its content.
  expect((await call(http, "POST", path, json, `"${"x".repeat(65_534)}"`)).status).toBe(400);
});

test("a body without a length is counted while it arrives, and no more of it is read than allowed", async () => {
  const { http } = withLogin();
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1;
      if (pulled > 1000) return controller.close();
      controller.enqueue(new Uint8Array(4096).fill(0x20));
    },
  });
  const request = new Request(`${ORIGIN}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    duplex: "half",
  } as RequestInit);
  expect(await codeOf(await http.fetch(request))).toBe("request.too_large");
  expect(pulled).toBeLessThan(25);
});

test("unknown addresses and methods", async () => {
  const { http } = withLogin();
  const unknown = await call(http, "GET", "/api/nothing", { accept: "text/html" });
  expect([unknown.status, await codeOf(unknown)]).toEqual([404, "request.not_found"]);
  const wrong = await call(http, "GET", "/api/auth/login");
  expect([wrong.status, wrong.headers.get("allow"), await codeOf(wrong)]).toEqual([
    405,
    "POST",
    "request.method_not_allowed",
  ]);
  const wrongGet = await call(http, "DELETE", "/api/rooms/general");
  expect(wrongGet.headers.get("allow")).toBe("GET, HEAD");
  expect((await call(http, "POST", "/rooms/general")).headers.get("allow")).toBe("GET, HEAD");
  expect((await call(http, "HEAD", "/api/health")).status).toBe(200);
});

test("a defect is logged with the request id and tells nothing", async () => {
  const lines: string[] = [];
  const log = createLogger({ level: "info", key: "k", destination: { write: (line) => lines.push(line) } });
  const { http } = withLogin({ log });
  const response = await call(http, "GET", "/api/rooms/general");
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: "server.error" }]);
  expect(text).not.toMatch(/secret|TypeError/);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    requestId: response.headers.get("x-request-id"),
    route: "/api/rooms/{roomId}",
  });
});

test("an answer that breaks the contract is a defect, not a leak", async () => {
  const http = testHttp();
  http.face.mount(
    "ticket",
    async () => ({ ticket: 5, expiresAt: "never" }) as unknown as { ticket: string; expiresAt: string },
  );
  const response = await call(http, "POST", "/api/auth/ticket", { authorization: "Bearer member" });
  expect([response.status, await codeOf(response)]).toEqual([500, "server.error"]);
});

test("roles are checked before anything is read", async () => {
  const { http } = withLogin();
  const audit = (token?: string) =>
    call(http, "GET", "/api/admin/audit?limit=no", token === undefined ? {} : { authorization: `Bearer ${token}` });
  expect(await codeOf(await audit())).toBe("auth.required");
  expect((await audit()).headers.get("www-authenticate")).toBe('Bearer realm="foyer"');
  expect(await codeOf(await audit("admin"))).toBe("auth.forbidden");
  expect(await codeOf(await audit("owner"))).toBe("request.invalid");
});

test("a bad bearer never falls back to a good cookie; a cookie that is over does not lock out of signing in", async () => {
  const { http } = withLogin();
  const both = await call(http, "POST", "/api/auth/ticket", {
    authorization: "Bearer nonsense",
    cookie: "foyer=member",
    origin: ORIGIN,
  });
  expect(await codeOf(both)).toBe("auth.token_invalid");
  const empty = await call(http, "POST", "/api/auth/ticket", {
    authorization: "Bearer",
    cookie: "foyer=member",
    origin: ORIGIN,
  });
  expect(await codeOf(empty)).toBe("auth.token_invalid");

  const login = { login: "a", password: "b" };
  const forgiving = await postJson(http, "/api/auth/login", login, { authorization: "Bearer expired" });
  expect(await codeOf(forgiving)).toBe("auth.token_expired");

  const over = await call(http, "POST", "/api/auth/ticket", { cookie: "foyer=expired", origin: ORIGIN });
  expect(await codeOf(over)).toBe("auth.token_expired");
  expect(over.headers.get("set-cookie")).toContain("foyer=; ");
  const again = await postJson(
    http,
    "/api/auth/login",
    { login: "a", password: "b" },
    { cookie: "foyer=expired", origin: ORIGIN },
  );
  expect(again.status).toBe(200);
  expect(again.headers.getSetCookie()).toHaveLength(1);
  expect(again.headers.get("set-cookie")).toContain("foyer=token; ");
});

test("unsafe requests with the session need an allowed origin; bearers do not", async () => {
  const { http } = withLogin();
  const ticket = (headers: Record<string, string>) => call(http, "POST", "/api/auth/ticket", headers);
  for (const origin of [ORIGIN, "http://127.0.0.1:3000", "http://[::1]:3000"]) {
    expect((await ticket({ cookie: "foyer=member", origin })).status).toBe(201);
  }
  for (const origin of [
    "https://evil.example",
    "null",
    "http://localhost:3001",
    "http://localhost:3000.evil.example",
    "https://localhost:3000",
  ]) {
    expect(await codeOf(await ticket({ cookie: "foyer=member", origin }))).toBe("request.foreign_origin");
  }
  expect(await codeOf(await ticket({ cookie: "foyer=member" }))).toBe("request.foreign_origin");
  expect((await ticket({ authorization: "Bearer member", origin: "https://evil.example" })).status).toBe(201);
  expect((await call(http, "POST", "/api/auth/logout")).status).toBe(204);
  expect(await codeOf(await call(http, "POST", "/api/auth/logout", { origin: "https://evil.example" }))).toBe(
    "request.foreign_origin",
  );
});

test("cross-origin headers are given to allowed origins alone", async () => {
  const { http } = withLogin({ config: { allowedOrigins: ["https://app.example"] } });
  const ask = (origin: string) =>
    call(http, "OPTIONS", "/api/auth/login", { origin, "access-control-request-method": "POST" });
  const allowed = await ask("https://app.example");
  expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([204, "https://app.example"]);
  const foreign = await ask("https://evil.example");
  expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).toEqual([403, null]);
  expect(
    (await call(http, "GET", "/api/health", { origin: "https://evil.example" })).headers.get(
      "access-control-allow-origin",
    ),
  ).toBeNull();
});

test("the policy of every answer, errors too, allows no inline script and no other host", async () => {
  const { http } = withLogin();
  for (const path of ["/api/health", "/api/nothing", "/", "/api/docs", "/metrics"]) {
    const { headers } = await call(http, "GET", path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toContain("connect-src 'self' ws://localhost:3000 ws://127.0.0.1:3000;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  }
});

test("limits: for each account or address, for everybody, and always with the time to wait", async () => {
  const { http } = withLogin({ config: { limits: { requestsPerMinute: 2, globalPerSecond: 0 } } });
  const ticket = (token: string) => call(http, "POST", "/api/auth/ticket", { authorization: `Bearer ${token}` });
  expect([(await ticket("member")).status, (await ticket("member")).status]).toEqual([201, 201]);
  const third = await ticket("member");
  expect([third.status, Number(third.headers.get("retry-after")) > 0, await codeOf(third)]).toEqual([
    429,
    true,
    "rate.limited",
  ]);
  const busy = withLogin({ config: { limits: { requestsPerMinute: 0, globalPerSecond: 1 } } }).http;
  await call(busy, "GET", "/api/nothing");
  const second = await call(busy, "GET", "/api/nothing");
  expect([second.status, second.headers.get("retry-after"), await codeOf(second)]).toEqual([503, "1", "server.busy"]);
  expect((await call(busy, "GET", "/api/health")).status).toBe(200);
});

test("health says the version, and 503 while the server stops", async () => {
  let stopping = false;
  const { http } = withLogin({ stopping: () => stopping });
  const ok = await call(http, "GET", "/health");
  expect(await ok.json()).toEqual({ status: "ok", version: "1.2.3", backend: "embedded" });
  stopping = true;
  expect((await call(http, "GET", "/api/health")).status).toBe(503);
  const refused = await call(http, "POST", "/api/auth/ticket", { authorization: "Bearer member" });
  expect([refused.status, refused.headers.get("retry-after"), await codeOf(refused)]).toEqual([
    503,
    "2",
    "server.stopping",
  ]);
});

test("metrics are for this machine or the token, and count by route template", async () => {
  const { http } = withLogin({ config: { metricsToken: "0123456789abcdef", trustedProxies: ["127.0.0.1"] } });
  await call(http, "GET", "/api/rooms/general");
  await call(http, "GET", "/some/../random/path");
  const from = (address: string, headers: Record<string, string> = {}) =>
    http.fetch(new Request(`${ORIGIN}/metrics`, { headers }), { address });
  const text = await (await from("127.0.0.1")).text();
  expect(text).toContain('foyer_http_requests_total{method="GET",route="/api/rooms/{roomId}",status="500"} 1');
  expect(text).not.toContain("random");
  expect((await from("::ffff:127.0.0.1")).status).toBe(200);
  expect((await from("192.0.2.1")).status).toBe(403);
  expect((await from("127.0.0.1", { "x-forwarded-for": "127.0.0.1" })).status).toBe(403);
  expect((await from("192.0.2.1", { authorization: "Bearer 0123456789abcdef" })).status).toBe(200);
  expect((await from("192.0.2.1", { authorization: "Bearer 0123456789abcdeF" })).status).toBe(403);
});

test("the documentation is served from here, without inline script", async () => {
  const { http } = withLogin();
  const page = await (await call(http, "GET", "/api/docs")).text();
  expect(page).not.toMatch(/<script(?![^>]*src="\/api\/docs\/)/);
  for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect([path, (await call(http, "GET", path ?? "")).status]).toEqual([path, 200]);
  }
  for (const name of ["package.json", "swagger-ui.js", "..%2fpackage.json", "constructor"]) {
    expect((await call(http, "GET", `/api/docs/${name}`)).status).toBe(404);
  }
  const document = (await (await call(http, "GET", "/api/openapi.json")).json()) as {
    openapi: string;
    paths: object;
    components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } };
  };
  expect(document.openapi).toBe("3.1.0");
  expect(document.components.schemas.Problem.properties.code.enum).toEqual(errorCodes);
});

test("says which operations nothing answers, and refuses to answer one twice", () => {
  const { http } = withLogin();
  expect(http.unmounted()).toContain("createRoom");
  expect(http.unmounted()).not.toContain("login");
  expect(http.unmounted()).not.toContain("health");
  expect(() => http.face.mount("login", async () => Promise.reject(new Error("never")))).toThrow("twice");
});
