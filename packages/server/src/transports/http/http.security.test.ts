import { type Endpoint, type EndpointName, endpoints } from "@foyer/protocol";
import { expect, test } from "vitest";
import { testHttp } from "../../../test/support/http.ts";
import { testSecurity } from "../../../test/support/security.ts";
import { systemClock } from "../../platform/clock/clock.ts";
import { createMemoryLimiter } from "../../platform/limits/memory.limiter.ts";
import { watchLimiter } from "../../platform/limits/watched.limiter.ts";
import { createLogger } from "../../platform/logs/logger.ts";
import type { Http } from "./index.ts";
import { createRequestLimits } from "./pipeline/request.limits.ts";

const ORIGIN = "http://localhost:3000";

function call(http: Http, method: string, path: string, headers: Record<string, string> = {}) {
  return http.fetch(new Request(`${ORIGIN}${path}`, { method, headers }), { address: "192.0.2.1" });
}
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;

function withAudit(over: Parameters<typeof testHttp>[0] = {}) {
  const http = testHttp(over);
  http.face.mount("listAudit", async () => ({ items: [] }));
  http.face.mount("listWordFilters", async () => ({ items: [] }));
  http.face.mount("listSessions", async () => ({ items: [] }));
  return http;
}

/** HTTP whose security events are read as `[event, reason or limit, route]`. */
function watched(limits: NonNullable<NonNullable<Parameters<typeof testHttp>[0]>["config"]>["limits"] = {}) {
  const lines: string[] = [];
  const log = createLogger({ level: "info", key: "key", destination: { write: (line) => lines.push(line) } });
  const security = testSecurity({ log });
  const limiter = watchLimiter(createMemoryLimiter(systemClock), (limit, accountId) =>
    security.record("rate.limited", { limit, accountId }),
  );
  const http = withAudit({ security, limiter, config: { limits } });
  const events = () =>
    lines.splice(0).map((line) => {
      const { event, reason, limit, route, accountId } = JSON.parse(line) as Record<string, string>;
      return [event, reason ?? limit, route, accountId === undefined ? "nobody" : "somebody"];
    });
  return { http, events };
}

test("the management API has a limit of its own, for each account, and says how long to wait", async () => {
  const http = withAudit({ config: { limits: { managementPerMinute: 3 } } });
  const statuses: number[] = [];
  // Together: the audit trail and the word filters are both management.
  for (const path of ["/api/admin/audit", "/api/word-filters", "/api/admin/audit", "/api/admin/audit"]) {
    const response = await call(http, "GET", path, as("owner"));
    statuses.push(response.status);
    if (response.status !== 429) continue;
    expect(Number(response.headers.get("retry-after"))).toBe(20);
    expect(await codeOf(response)).toBe("rate.limited");
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
  // What is not management goes on.
  expect((await call(http, "GET", "/api/auth/sessions", as("owner"))).status).toBe(200);
});

test("every operation of administrators is management, and nothing that people do in rooms is", () => {
  const management = (Object.entries(endpoints) as [EndpointName, Endpoint][])
    .filter(([, { limit, tag }]) => limit === "management" && tag !== "alerts")
    .map(([name]) => name)
    .sort();
  expect(management).toEqual([
    "banFromServer",
    "createWordFilter",
    "deleteWordFilter",
    "exportVault",
    "liftServerBan",
    "listAccounts",
    "listAudit",
    "listServerBans",
    "listWordFilters",
    "updateAccount",
  ]);
  for (const [name, { tag, limit }] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    if (tag === "admin") expect([name, limit]).toEqual([name, "management"]);
  }
  // Whatever changes how alerts are sent is under the paths for which the limit was asked.
  for (const [name, { path, method, limit }] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    const isSettings = /^\/api\/(?:guilds|streamers|users)\//.test(path) && method !== "GET";
    if (isSettings && name !== "previewAlert") expect([name, limit]).toEqual([name, "management"]);
  }
});

test("webhooks share a bucket of so many a second", async () => {
  const limits = { requestsPerMinute: 0, managementPerMinute: 0, globalPerSecond: 0, webhooksPerSecond: 100 };
  const bucket = createRequestLimits(createMemoryLimiter({ now: () => 0 }), limits);
  for (let at = 0; at < 100; at++) await bucket.kind("webhooks", `sender-${at}`);
  await expect(bucket.kind("webhooks", "another")).rejects.toMatchObject({ code: "rate.limited", retryAfter: 1 });
});

test("what one address sends is bounded before anybody looks at its signature, and takes nothing from the others", async () => {
  const limits = { requestsPerMinute: 0, managementPerMinute: 0, globalPerSecond: 0, webhooksPerSecond: 100 };
  const bucket = createRequestLimits(createMemoryLimiter({ now: () => 0 }), limits);
  for (let at = 0; at < 100; at++) await bucket.sender("forger");
  await expect(bucket.sender("forger")).rejects.toMatchObject({ code: "rate.limited", retryAfter: 1 });
  await bucket.sender("twitch");
  await bucket.kind("webhooks", "twitch");
});

test("who is refused is slowed down, too: by role, and by tokens that are not good", async () => {
  const http = withAudit({ config: { limits: { requestsPerMinute: 2 } } });
  const codes = async (token: string) => {
    const seen = [];
    for (let at = 0; at < 3; at++) seen.push(await codeOf(await call(http, "GET", "/api/admin/audit", as(token))));
    return seen;
  };
  expect(await codes("member")).toEqual(["auth.forbidden", "auth.forbidden", "rate.limited"]);
  expect(await codes("nonsense")).toEqual(["auth.token_invalid", "auth.token_invalid", "rate.limited"]);
});

test("denials, foreign origins, tokens that are not ours and limits are security events, each once", async () => {
  const { http, events } = watched({ requestsPerMinute: 4, managementPerMinute: 1 });
  await call(http, "GET", "/api/admin/audit", as("member"));
  expect(events()).toEqual([["access.denied", "auth.forbidden", "/api/admin/audit", "somebody"]]);
  await call(http, "POST", "/api/auth/logout", { origin: "https://evil.example" });
  await call(http, "OPTIONS", "/api/auth/login", {
    origin: "https://evil.example",
    "access-control-request-method": "POST",
  });
  await call(http, "GET", "/metrics");
  await call(http, "GET", "/api/admin/audit", as("forged"));
  expect(events()).toEqual([
    // Nothing is mounted there in this test: an unknown address is no event.
    ["origin.refused", "request.foreign_origin", "unknown", "nobody"],
    ["access.denied", "auth.forbidden", "/metrics", "nobody"],
    ["token.refused", "auth.token_invalid", "/api/admin/audit", "nobody"],
  ]);
  // Normal life: a session that is over, somebody who is not signed in, a wrong address.
  await call(http, "GET", "/api/admin/audit", as("expired"));
  await call(http, "GET", "/api/admin/audit");
  await call(http, "GET", "/api/nothing");
  expect(events()).toEqual([]);
  // The same account as before, which has used one of each.
  for (let at = 0; at < 4; at++) await call(http, "GET", "/api/admin/audit", as("owner"));
  expect(events()).toEqual([
    ["rate.limited", "management", undefined, "somebody"],
    ["rate.limited", "management", undefined, "somebody"],
    ["rate.limited", "management", undefined, "somebody"],
    ["rate.limited", "requests", undefined, "somebody"],
  ]);
});

test("the limit of everybody together is an event, too", async () => {
  const { http, events } = watched({ globalPerSecond: 1 });
  await call(http, "GET", "/api/nothing");
  expect((await call(http, "GET", "/api/nothing")).status).toBe(503);
  expect((await call(http, "GET", "/auth/status")).status).toBe(503);
  expect(events()).toEqual([
    ["rate.limited", "everybody", undefined, "nobody"],
    ["rate.limited", "everybody", undefined, "nobody"],
  ]);
});

test("every answer, errors and files too, carries the headers that guard a browser", async () => {
  const plain = withAudit();
  const secure = withAudit({ config: { publicUrl: "https://chat.example", allowedOrigins: ["https://chat.example"] } });
  for (const http of [plain, secure]) {
    for (const [method, path] of [
      ["GET", "/api/health"],
      ["GET", "/api/nothing"],
      ["POST", "/api/auth/login"],
      ["GET", "/"],
      ["GET", "/api/docs"],
      ["GET", "/metrics"],
      ["OPTIONS", "/api/auth/login"],
    ] as const) {
      const { headers } = await call(http, method, path);
      expect({ path, ...Object.fromEntries(headers) }).toMatchObject({
        path,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": expect.stringContaining("geolocation=()"),
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
      });
      // Only over TLS: a browser remembers it, and would never come back without.
      const transport = headers.get("strict-transport-security");
      if (http === plain) expect(transport).toBeNull();
      else expect(transport).toBe("max-age=31536000");
    }
  }
});

test("names below the public one are promised to be safe only when the operator says so", async () => {
  const http = withAudit({ config: { publicUrl: "https://chat.example", hstsSubdomains: true } });
  const { headers } = await call(http, "GET", "/api/health");
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
});

test("no answer lets every origin in, and none is let in by what it looks like", async () => {
  const http = withAudit({ config: { publicUrl: "https://chat.example", allowedOrigins: ["https://app.example"] } });
  const origins = ["*", "null", "https://evil.example", "https://app.example.evil.example", "http://app.example", ""];
  for (const origin of origins) {
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await call(http, method, "/api/health", { origin, "access-control-request-method": "GET" });
      expect([origin, headers.get("access-control-allow-origin")]).toEqual([origin, null]);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
  }
  const { headers } = await call(http, "GET", "/api/health", { origin: "https://app.example" });
  expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(headers.get("vary")).toContain("Origin");
});
