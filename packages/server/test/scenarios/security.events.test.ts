import { describe, expect, test, vi } from "vitest";
import { createLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createVault } from "../../src/platform/vault/lazy.vault.ts";
import { temporaryFolder } from "../support/engines.ts";
import { callEndpoint, password, registerPerson } from "../support/people.ts";
import { testSecurity } from "../support/security.ts";
import { startTestServer } from "../support/test.server.ts";
import { testKeyFile } from "../support/vaults.ts";
import { openWire } from "../support/wire.ts";

interface Line {
  event?: string;
  severity?: string;
  reason?: string;
  route?: string;
  action?: string;
  limit?: string;
  accountId?: string;
}

/** A whole server whose security events are read from its log, its metrics and its audit trail. */
async function watchedServer(engine: "sqlite" | "postgres", env: Record<string, string> = {}) {
  const lines: string[] = [];
  const log = createLogger({ level: "debug", key: "key", destination: { write: (line) => void lines.push(line) } });
  const server = await startTestServer({ engine, log, env });
  return {
    server,
    origin: server.url,
    text: () => lines.join(""),
    /** The security events since this was last asked. */
    events(): Line[] {
      const seen = lines.map((line) => JSON.parse(line) as Line).filter(({ severity }) => severity !== undefined);
      lines.length = 0;
      return seen;
    },
    async counted(event: string): Promise<number> {
      const page = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`foyer_security_events_total\\{event="${event}",.*\\} (\\d+)`).exec(page)?.[1]);
    },
  };
}

const forged = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  test("sign-ins, denials, refused tokens and origins, limits and acts of admins: each is logged, counted, some audited", async () => {
    const { server, origin, events, counted, text } = await watchedServer(engine, { LIMIT_API_PER_MINUTE: "20" });
    try {
      const ada = await registerPerson(origin, "ada");
      const bo = await registerPerson(origin, "bo");
      const names = () => events().map(({ event, severity, reason }) => [event, severity, ...(reason ? [reason] : [])]);
      expect(names()).toEqual([
        ["account.created", "INFO"],
        ["account.created", "INFO"],
      ]);

      await callEndpoint(origin, "login", { body: { login: "bo", password: "wrong password" } });
      await callEndpoint(origin, "login", { body: { login: "nobody-here", password } });
      const failures = events();
      expect(failures).toMatchObject([
        { event: "sign_in.failure", severity: "WARNING", reason: "credentials", accountId: expect.any(String) },
        { event: "sign_in.failure", severity: "WARNING", reason: "credentials" },
      ]);
      // The log is not told who does not exist.
      expect(failures[1]).not.toHaveProperty("accountId");
      await callEndpoint(origin, "login", { body: { login: "bo", password } });
      expect(names()).toEqual([["sign_in.success", "INFO"]]);

      await bo.call("listAudit");
      expect(events()).toMatchObject([
        { event: "access.denied", severity: "WARNING", reason: "auth.forbidden", route: "/api/admin/audit" },
      ]);

      await callEndpoint(origin, "session", { token: forged });
      await expect(openWire(origin, { ticket: "no-such-ticket" })).rejects.toThrow("closed with");
      const cookie = `foyer=${bo.token}`;
      await fetch(`${origin}/api/auth/logout`, { method: "POST", headers: { cookie, origin: "https://evil.example" } });
      await expect(openWire(origin, { cookie, from: "https://evil.example" })).rejects.toThrow("closed with");
      expect(events().map(({ event, reason, route }) => [event, reason, route])).toEqual([
        ["token.refused", "auth.token_invalid", "/api/auth/session"],
        ["token.refused", "auth.ticket_invalid", "/ws"],
        ["origin.refused", "request.foreign_origin", "/api/auth/logout"],
        ["origin.refused", "request.foreign_origin", "/ws"],
      ]);

      // Over the socket, too: somebody else's message.
      const wire = await openWire(origin, { token: bo.token });
      const said = await ada.call("sendMessage", ["general"], { message: "mine" });
      const { messageId } = said.body as { messageId: string };
      const refused = await wire.request("editMessage", { roomId: "general", messageId, message: "yours" });
      expect(refused).toMatchObject({ ok: false, error: { code: "message.forbidden" } });
      await wire.close();
      expect(events()).toMatchObject([{ event: "access.denied", reason: "message.forbidden", action: "editMessage" }]);

      await ada.call("updateAccount", [bo.account.accountId], { role: "moderator" });
      expect(events()).toMatchObject([{ event: "privileged.act", severity: "INFO", action: "account.role_changed" }]);
      // The entries are written behind the answers.
      await vi.waitFor(async () => {
        const { items } = (await ada.call("listAudit")).body as { items: { action: string }[] };
        expect(items.filter(({ action }) => action === "access.denied")).toMatchObject([
          { actor: { handle: "bo" }, details: { reason: "message.forbidden", action: "editMessage" } },
          { actor: { handle: "bo" }, details: { reason: "auth.forbidden", route: "/api/admin/audit" } },
        ]);
      });

      // Twenty requests to the management API a minute.
      const answers = [];
      for (let at = 0; at < 21; at++) answers.push(await ada.call("listAccounts"));
      expect(answers.find(({ status }) => status !== 200)).toMatchObject({
        status: 429,
        body: { code: "rate.limited", retryAfter: 3 },
      });
      expect(events()[0]).toMatchObject({ event: "rate.limited", severity: "WARNING", limit: "management" });

      expect(await counted("sign_in.failure")).toBe(2);
      expect(await counted("access.denied")).toBe(2);
      expect(await counted("token.refused")).toBe(2);
      expect(await counted("origin.refused")).toBe(2);
      expect(await counted("rate.limited")).toBeGreaterThan(0);
      expect(await counted("vault.failed")).toBe(0);
      for (const person of [ada, bo]) expect(text()).not.toContain(person.account.accountId);
    } finally {
      await server.stop();
    }
  });
});

test("failed sign-ins wait longer and longer, and what is over the limit is refused with the time to wait", async () => {
  const { server, origin, events } = await watchedServer("sqlite", { LIMIT_SIGN_INS_PER_MINUTE: "6" });
  try {
    await registerPerson(origin, "ada");
    events();
    const took: number[] = [];
    for (let at = 0; at < 5; at++) {
      const started = performance.now();
      await callEndpoint(origin, "login", { body: { login: "ada", password: "wrong password" } });
      took.push(performance.now() - started);
    }
    // Two are free; then 250 ms, 500 ms, and so on (sign.in.test.ts has the whole row).
    expect(took[3]).toBeGreaterThan(250);
    expect(took[4]).toBeGreaterThan(500);
    let last = { status: 0, retryAfter: 0 };
    for (let at = 0; at < 3; at++) {
      const { status, body } = await callEndpoint(origin, "login", { body: { login: "ada", password } });
      last = { status, retryAfter: (body as { retryAfter?: number }).retryAfter ?? 0 };
      if (status === 429) break;
    }
    expect(last.status).toBe(429);
    expect(last.retryAfter).toBeGreaterThan(0);
    expect(events()).toEqual(
      expect.arrayContaining([expect.objectContaining({ event: "rate.limited", limit: "sign-ins" })]),
    );
  } finally {
    await server.stop();
  }
});

test("whatever the vault cannot open is critical, counted and audited", async () => {
  const folder = temporaryFolder();
  const lines: string[] = [];
  const log = createLogger({ level: "info", key: "key", destination: { write: (line) => void lines.push(line) } });
  const metrics = createMetrics({ process: false });
  const audited: string[] = [];
  const security = testSecurity({
    log,
    metrics,
    audit: {
      record: async ({ action, details }) => void audited.push(`${action} ${details?.operation} ${details?.reason}`),
      list: async () => ({ entries: [], next: undefined }),
    },
  });
  const vault = createVault({ keyFile: testKeyFile(folder) }, { log, metrics, security });
  const binding = { accountId: "ada", provider: "twitch", purpose: "access_token" };
  const { text } = await vault.seal(binding, "a token");
  expect(await vault.open(binding, text)).toBe("a token");
  await expect(vault.open({ ...binding, accountId: "bo" }, text)).rejects.toMatchObject({ failure: "not_authentic" });
  await security.flushed();
  expect(lines.map((line) => JSON.parse(line) as Line)).toMatchObject([
    { event: "vault.failed", severity: "CRITICAL", reason: "not_authentic" },
  ]);
  expect(audited).toEqual(["vault.failed open not_authentic"]);
  expect(await metrics.metrics()).toContain('foyer_security_events_total{event="vault.failed",severity="CRITICAL"} 1');
});
