import { expect, onTestFinished, test } from "vitest";
import { auditSchema } from "../audit/audit.schema.ts";
import { createAudit } from "../audit/audit.sql.ts";
import type { Audit } from "../audit/audit.ts";
import { watchAudit } from "../audit/watched.audit.ts";
import { createIds } from "../clock/clock.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open.database.ts";
import { createMemoryLimiter } from "../limits/memory.limiter.ts";
import { watchLimiter } from "../limits/watched.limiter.ts";
import { createLogger, silentLogger } from "../logs/logger.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { securityEventNames, securityEvents } from "./security.catalogue.ts";
import { createSecurityMonitor } from "./security.monitor.ts";

const ADA = "0192aaaa-0000-7000-8000-000000000001";
const BO = "0192aaaa-0000-7000-8000-000000000002";

async function world(over: { audit?: Audit } = {}) {
  let now = Date.UTC(2026, 0, 1);
  const clock = { now: () => now };
  const db = openDatabase(":memory:", { log: silentLogger() });
  onTestFinished(() => db.close());
  await migrate(db, [auditSchema], { log: silentLogger() });
  const lines: string[] = [];
  const log = createLogger({ level: "debug", key: "key", destination: { write: (line) => lines.push(line) } });
  const metrics = createMetrics({ process: false });
  const audit = over.audit ?? createAudit({ db, clock, ids: createIds(clock) });
  const monitor = createSecurityMonitor({ log, metrics, clock, audit });
  return {
    monitor,
    audit,
    clock,
    advance: (milliseconds: number) => void (now += milliseconds),
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => lines.join(""),
    async count(event: string) {
      const found = new RegExp(`foyer_security_events_total{event="${event}",severity="(\\w+)"} (\\d+)`).exec(
        await metrics.metrics(),
      );
      return found === null ? undefined : { severity: found[1], count: Number(found[2]) };
    },
    async entries() {
      await monitor.flushed();
      return (await audit.list({ limit: 100 })).entries;
    },
  };
}

test("every event is counted from the start, so that a rule sees its first rise", async () => {
  const { count, monitor } = await world();
  for (const event of securityEventNames) {
    const { severity } = securityEvents[event];
    expect([event, await count(event)]).toEqual([event, { severity, count: 0 }]);
    monitor.record(event);
    expect([event, await count(event)]).toEqual([event, { severity, count: 1 }]);
  }
});

test("a line says what, how serious and whose, with the account as a hash", async () => {
  const { monitor, logged, text } = await world();
  monitor.record("vault.failed", { operation: "open", reason: "key_lost", keyId: "key-1" });
  monitor.record("access.denied", { accountId: ADA, reason: "auth.forbidden", route: "/api/admin/audit" });
  monitor.record("sign_in.success", { accountId: ADA });
  expect(logged()).toMatchObject([
    {
      level: "error",
      severity: "CRITICAL",
      event: "vault.failed",
      operation: "open",
      reason: "key_lost",
      keyId: "key-1",
    },
    { level: "warn", severity: "WARNING", event: "access.denied", reason: "auth.forbidden", route: "/api/admin/audit" },
    { level: "info", severity: "INFO", event: "sign_in.success" },
  ]);
  expect(text()).not.toContain(ADA);
  expect(logged()[1]?.["accountId"]).toBe(logged()[2]?.["accountId"]);
});

test("sensitive events are audited once in a while for each account; strangers who knock are only counted", async () => {
  const { monitor, entries, count, advance } = await world();
  const denied = { accountId: ADA, reason: "auth.forbidden", route: "/api/admin/audit", requestId: "r" };
  for (let at = 0; at < 50; at++) monitor.record("access.denied", { ...denied, requestId: `r${at}` });
  monitor.record("access.denied", { ...denied, accountId: BO });
  monitor.record("access.denied", { reason: "auth.forbidden", route: "/metrics" });
  monitor.record("sign_in.failure", { accountId: ADA });
  monitor.record("vault.failed", { operation: "seal", reason: "key_unavailable" });
  expect(await entries()).toMatchObject([
    { action: "vault.failed", actorId: null, details: { operation: "seal", reason: "key_unavailable" } },
    { action: "access.denied", actorId: BO },
    { action: "access.denied", actorId: ADA, details: { reason: "auth.forbidden", route: "/api/admin/audit" } },
  ]);
  expect(await count("access.denied")).toMatchObject({ count: 52 });
  advance(600_000);
  monitor.record("access.denied", denied);
  expect(await entries()).toHaveLength(4);
});

test("a flood fills neither the log nor the audit trail, and what was left out is said", async () => {
  const { monitor, logged, entries, count, advance } = await world();
  for (let at = 0; at < 5000; at++) monitor.record("signature.refused", { provider: "twitch", reason: `word-${at}` });
  expect(logged()).toHaveLength(100);
  expect(await entries()).toHaveLength(60);
  expect(await count("signature.refused")).toMatchObject({ count: 5000 });
  // Another event is not silenced by it.
  monitor.record("vault.failed");
  expect(logged()).toHaveLength(101);
  advance(1000);
  monitor.record("signature.refused", { provider: "twitch" });
  expect(logged().at(-1)).toMatchObject({ event: "signature.refused", dropped: 4900 });
});

test("refusals that mean something are recorded by their error, others are not", async () => {
  const { monitor, logged } = await world();
  monitor.refused("auth.forbidden", { accountId: ADA });
  monitor.refused("request.foreign_origin");
  monitor.refused("auth.token_invalid");
  for (const code of [
    "auth.token_expired",
    "auth.required",
    "request.invalid",
    "room.not_found",
    "rate.limited",
  ] as const) {
    monitor.refused(code);
  }
  expect(logged().map(({ event, reason }) => [event, reason])).toEqual([
    ["access.denied", "auth.forbidden"],
    ["origin.refused", "request.foreign_origin"],
    ["token.refused", "auth.token_invalid"],
  ]);
});

test("an audit trail that fails does not take the server along", async () => {
  const broken: Audit = {
    record: () => Promise.reject(new Error("no database")),
    list: () => Promise.reject(new Error("no database")),
  };
  const { monitor, logged } = await world({ audit: broken });
  monitor.record("vault.failed");
  await monitor.flushed();
  expect(logged().at(-1)).toMatchObject({
    level: "error",
    event: "vault.failed",
    msg: expect.stringContaining("audited"),
  });
});

test("each refusal of a limit is told with its name and account, and never with what was typed", async () => {
  const told: [string, string | undefined][] = [];
  const { clock } = await world();
  const limiter = watchLimiter(createMemoryLimiter(clock), (limit, accountId) => told.push([limit, accountId]));
  const once = { capacity: 1, perSecond: 1 };
  for (const key of ["requests", `messages:${ADA}`, "sign-ins:account:ada@example.org", `slow:general:${ADA}`]) {
    expect(limiter.take(key, once)).toMatchObject({ ok: true });
    expect(limiter.take(key, once)).toMatchObject({ ok: false, retryAfter: 1 });
  }
  expect(told).toEqual([
    ["requests", undefined],
    ["messages", ADA],
    ["sign-ins", undefined],
  ]);
  const far = watchLimiter({ take: async () => ({ ok: false, retryAfter: 3 }) }, (limit) =>
    told.push([limit, undefined]),
  );
  expect(await far.take("webhooks:twitch", once)).toEqual({ ok: false, retryAfter: 3 });
  expect(told.at(-1)).toEqual(["webhooks", undefined]);
});

test("privileged acts are told once they are written", async () => {
  const { audit } = await world();
  const told: string[] = [];
  const watched = watchAudit(audit, ({ action }, actorId) => told.push(`${actorId} ${action}`));
  const subject = { kind: "account", id: BO };
  await watched.record({ actorId: ADA, action: "account.suspended", subject });
  await watched.record({ actorId: null, action: "server.started", subject });
  expect(told).toEqual([`${ADA} account.suspended`]);
  expect((await watched.list({ limit: 10 })).entries).toHaveLength(2);
});
