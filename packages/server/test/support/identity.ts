import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import type { GuestAccess } from "@foyer/protocol";
import { onTestFinished } from "vitest";
import { createEntrusted, createIdentity, type IdentityDeps } from "../../src/modules/identity/index.ts";
import { createAudit } from "../../src/platform/audit/audit.sql.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import { createIds } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { migrate } from "../../src/platform/db/migrate.ts";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { createMemoryLimiter } from "../../src/platform/limits/memory.limiter.ts";
import { watchLimiter } from "../../src/platform/limits/watched.limiter.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMailOutboxStore } from "../../src/platform/mail/mail.outbox.store.sql.ts";
import { createMailOutbox } from "../../src/platform/mail/mail.outbox.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import type { Vault } from "../../src/platform/vault/vault.ts";
import { testSchema } from "./engines.ts";
import { testHttp } from "./http.ts";
import { testSecurity } from "./security.ts";
import { fileVault } from "./vaults.ts";

export const TEST_SECRET = "a secret of tests that is long enough";

/** A clock that stands still until it is moved. */
export function testClock(start = Date.UTC(2026, 0, 1)) {
  let now = start;
  return {
    now: () => now,
    advance(milliseconds: number) {
      now += milliseconds;
    },
  };
}

/** For tests in which nobody signs in from outside. */
const unusedVault: Vault = {
  seal: () => Promise.reject(new Error("the vault is not used here")),
  open: () => Promise.reject(new Error("the vault is not used here")),
  currentKey: () => Promise.reject(new Error("the vault is not used here")),
  examine: () => Promise.reject(new Error("the vault is not used here")),
};

/** A real vault on a key file of its own, which costs nothing before it is used. */
function lazyVault(): Pick<Vault, "seal" | "open"> {
  let opened: Vault | undefined;
  const vault = () => {
    opened ??= fileVault(mkdtempSync(joinPath(tmpdir(), "foyer-vault-")));
    return opened;
  };
  return {
    seal: (binding, secret) => vault().seal(binding, secret),
    open: (binding, sealed) => vault().open(binding, sealed),
  };
}

/** Identity as the server runs it, over `db`, with HTTP in front. Limits are off unless given. */
export function testIdentity(
  db: Database,
  over: Omit<Partial<IdentityDeps>, "config"> & { config?: Partial<IdentityDeps["config"]>; guests?: GuestAccess } = {},
) {
  const { config, guests = "none", ...deps } = over;
  const clock = testClock();
  const ids = createIds(clock);
  const bus = createMemoryBus({ log: silentLogger() });
  const audit = createAudit({ db, clock, ids });
  const metrics = createMetrics({ process: false });
  const limiter = watchLimiter(createMemoryLimiter(clock), (limit, accountId) =>
    security.record("rate.limited", { limit, accountId }),
  );
  const waits: number[] = [];
  const log = deps.log ?? silentLogger();
  const security = testSecurity({ audit, metrics, clock, log });
  const vault = deps.vault ?? lazyVault();
  const shared = { db, clock, ids, bus, audit, metrics, log, security };
  const identity = createIdentity({
    ...shared,
    limiter,
    entrusted: createEntrusted({ ...shared, vault: unusedVault, providers: {} }),
    outside: { providers: [], bearers: [], publicUrl: () => "http://localhost:3000" },
    rooms: { inviteValid: async (token) => token === "good-invite", guestAccess: () => guests },
    vault,
    mail: createMailOutbox({ ...shared, store: createMailOutboxStore(db), vault, carrier: undefined }),
    personal: { export: async function* () {}, erase: async () => {}, traces: async () => new Set() },
    version: "1.2.3",
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...deps,
    config: {
      jwtSecret: TEST_SECRET,
      sessionSeconds: 86_400,
      tokenSeconds: 1800,
      registration: "open",
      limits: {
        frameBytes: 32_768,
        messageCharacters: 4000,
        subscriptionsPerConnection: 128,
        messagesPer5Seconds: 10,
        connectionsPerAccount: 20,
        connectionsPerAddress: 0,
        signInsPerMinute: 0,
      },
      ...config,
    },
  });
  const http = testHttp({
    authenticate: identity.authenticate,
    hashAddress: identity.hashAddress,
    clock,
    ids,
    metrics,
    limiter,
    log,
    security,
  });
  identity.routes(http.face);
  return { identity, http, clock, bus, audit, metrics, security, waits };
}

export type TestIdentity = ReturnType<typeof testIdentity>;

/** A fresh database in memory, closed with the test: for what is the same on every engine. */
export async function memoryDatabase(): Promise<Database> {
  const db = openDatabase(":memory:", { log: silentLogger() });
  onTestFinished(() => db.close());
  await migrate(db, testSchema, { log: silentLogger() });
  return db;
}

/** One request to `http`, as JSON; `as` is a bearer token. */
export async function ask(
  { http }: Pick<TestIdentity, "http">,
  method: string,
  path: string,
  options: { body?: unknown; as?: string; headers?: Record<string, string>; from?: string } = {},
) {
  const response = await http.fetch(
    new Request(`http://localhost:3000${path}`, {
      method,
      headers: {
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...(options.as === undefined ? {} : { authorization: `Bearer ${options.as}` }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    }),
    { address: options.from ?? "192.0.2.1" },
  );
  const text = await response.text();
  // The shape is what the test says it is: each asks for the fields of its operation.
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text === "" ? {} : JSON.parse(text)) as Answer,
  };
}

interface Answer {
  code: string;
  token: string;
  expiresAt: string;
  ticket: string;
  sessionId: string;
  next: string;
  setup: boolean;
  account: { accountId: string; handle: string; role: string; email?: string } | null;
  items: Record<string, unknown>[];
  [field: string]: unknown;
}

export const PASSWORD = "correct horse battery";

/** Registers `handle`; the first one owns the server. */
export async function join(test: Pick<TestIdentity, "http">, handle: string, more: object = {}) {
  const { status, body } = await ask(test, "POST", "/api/auth/register", {
    body: { handle, password: PASSWORD, ...more },
  });
  if (status !== 201 || body.account === null) throw new Error(`register ${handle}: ${status} ${body.code}`);
  return { token: body.token, accountId: body.account.accountId, role: body.account.role };
}

export type Person = Awaited<ReturnType<typeof join>>;

/** A server over `db` with these people on it; the first one owns it. */
export async function serverWith<H extends string>(db: Database, ...handles: H[]) {
  const server = testIdentity(db);
  const people = {} as Record<H, Person>;
  for (const handle of handles) people[handle] = await join(server, handle);
  return { server, people };
}

/** The status of an answer that is good, the code of one that is not. */
export async function outcome(answer: ReturnType<typeof ask>): Promise<number | string> {
  const { status, body } = await answer;
  return status < 300 ? status : body.code;
}
