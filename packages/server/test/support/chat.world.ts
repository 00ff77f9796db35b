import type { EndpointName, EndpointOutput, Profile, Role, ServerFrame } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";
import { afterAll } from "vitest";
import type { Accounts } from "../../src/modules/chat/chat.ports.ts";
import { type Chat, createChat } from "../../src/modules/chat/index.ts";
import { createAudit } from "../../src/platform/audit/audit.sql.ts";
import { createMemoryBus } from "../../src/platform/bus/memory.bus.ts";
import type { AccountCaller, Authenticate } from "../../src/platform/caller/caller.ts";
import { createIds } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { AppError } from "../../src/platform/errors/app.error.ts";
import { createMemoryLimiter } from "../../src/platform/limits/memory.limiter.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { testHttp } from "./http.ts";

/** Somebody on the list of accounts that stands in for identity. Their token is their account id. */
export interface Someone {
  accountId: string;
  profile: Profile;
  role: Role;
  /** Where they are; stands for its own hash. */
  address: string;
  /** Where they were before. */
  addresses: string[];
}

/** Input of one call. `params` by name, as in the path. */
export interface Call {
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: unknown;
  /** Another address than the person's own. */
  address?: string;
}

/** `code` of the problem, or of the success its status: tests compare one thing. */
export interface Reply<T> {
  status: number;
  code: string | undefined;
  body: T;
}

/** What was sent to connections, in order. */
export type Sent =
  | { to: "room" | "account"; id: string; frame: ServerFrame }
  | { to: "evict"; roomId: string; accountId?: string; addressHash?: string; guests?: true }
  | { to: "disconnect"; code: number; accountId?: string; addressHash?: string };

/** The whole of chat on one database, called by HTTP; only the accounts are a list kept here. */
export interface ChatWorld {
  chat: Chat;
  database: Database;
  clock: { now(): number; pass(milliseconds: number): void };
  sent: Sent[];
  person(name: string, role?: Role): Someone;
  changeRole(person: Someone, role: Role): void;
  /** Calls as `person`, or as nobody. */
  call<N extends EndpointName>(person: Someone | null, name: N, input?: Call): Promise<Reply<EndpointOutput<N>>>;
  /** As `call`, but an error is thrown. */
  ok<N extends EndpointName>(person: Someone | null, name: N, input?: Call): Promise<EndpointOutput<N>>;
  /** Actions in the audit trail, newest first. */
  audited(): Promise<string[]>;
  /** A second node on the same database with the same accounts and a bus of its own: it hears nothing of the first. */
  deafNode(): Promise<ChatWorld>;
}

/** Puts chat together on `database`; ended after the tests of the file. */
export async function createChatWorld(database: Database, roster = new Map<string, Someone>()): Promise<ChatWorld> {
  let shift = 0;
  const clock = {
    now: () => Date.now() + shift,
    pass(milliseconds: number) {
      shift += milliseconds;
    },
  };
  const ids = createIds(clock);
  const bus = createMemoryBus({ log: silentLogger() });
  const audit = createAudit({ db: database, clock, ids });
  const chat = createChat({
    db: database,
    clock,
    ids,
    log: silentLogger(),
    metrics: createMetrics({ process: false }),
    limiter: createMemoryLimiter(clock),
    audit,
    bus,
    accounts: accountsOf(roster, () => ids.uuid()),
    config: { guests: "none", limits: { messageCharacters: 4000, messagesPer5Seconds: 0 } },
  });
  const sent = record(bus);
  await chat.start();
  const http = testHttp({ authenticate: authenticateBy(roster), clock, ids });
  chat.routes(http.face);
  afterAll(async () => {
    await chat.close();
    await bus.close();
  });

  const world: ChatWorld = {
    chat,
    database,
    clock,
    sent,
    person(name, role = "member") {
      const accountId = ids.uuid();
      const profile = { accountId, handle: name.toLowerCase(), displayName: name };
      const someone = { accountId, profile, role, address: `home of ${name}`, addresses: [`home of ${name}`] };
      roster.set(accountId, someone);
      return someone;
    },
    changeRole(person, role) {
      person.role = role;
      bus.publish("identity.account_changed", JSON.stringify({ accountId: person.accountId }));
    },
    async call(person, name, input = {}) {
      const request = requestOf(name, input, person?.accountId);
      const answer = await http.fetch(request, { address: input.address ?? person?.address ?? "nowhere" });
      const text = await answer.text();
      const body = (text === "" ? undefined : JSON.parse(text)) as never;
      return { status: answer.status, code: (body as { code?: string } | undefined)?.code, body };
    },
    async ok(person, name, input) {
      const reply = await world.call(person, name, input);
      if (reply.status >= 400) throw new Error(`${name}: ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body;
    },
    async audited() {
      return (await audit.list({ limit: 100 })).entries.map((entry) => entry.action);
    },
    deafNode: () => createChatWorld(database, roster),
  };
  return world;
}

function requestOf(name: EndpointName, input: Call, token: string | undefined): Request {
  const { method, path } = routes[name];
  const filled = path.replace(/\{(\w+)\}/g, (_all, field: string) => encodeURIComponent(input.params?.[field] ?? ""));
  const url = new URL(filled, "http://localhost:3000");
  for (const [key, value] of Object.entries(input.query ?? {})) url.searchParams.set(key, String(value));
  return new Request(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(input.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
  });
}

function callerOf(someone: Someone, addressHash: string): AccountCaller {
  const { accountId, profile, role } = someone;
  return { kind: "account", accountId, profile, role, sessionId: accountId, expiresAt: 4e12, addressHash };
}

function authenticateBy(roster: Map<string, Someone>): Authenticate {
  return async ({ bearer }, addressHash) => {
    if (bearer === undefined) return { kind: "anonymous", addressHash };
    const someone = roster.get(bearer);
    if (someone === undefined) throw new AppError("auth.token_invalid", "Sign in again.");
    return callerOf(someone, addressHash);
  };
}

function accountsOf(roster: Map<string, Someone>, newId: () => string): Accounts {
  const found = (accountIds: readonly string[]) => accountIds.flatMap((id) => roster.get(id) ?? []);
  return {
    profiles: async (ids) => new Map(found(ids).map(({ accountId, profile }) => [accountId, profile])),
    findByHandles: async (handles) =>
      [...roster.values()].filter(({ profile }) => handles.includes(profile.handle)).map(({ profile }) => profile),
    role: async (accountId) => roster.get(accountId)?.role,
    addressesOf: async (accountId) => roster.get(accountId)?.addresses ?? [],
    async createGuest(addressHash) {
      const accountId = newId();
      const profile = { accountId, handle: `guest-${accountId.slice(-6)}`, displayName: "Guest" };
      const guest: Someone = { accountId, profile, role: "guest", address: addressHash, addresses: [addressHash] };
      roster.set(accountId, guest);
      return { caller: callerOf(guest, addressHash), token: accountId, expiresAt: 4e12 };
    },
  };
}

function record(bus: { subscribe(topic: string, handler: (payload: string) => void): () => void }): Sent[] {
  const sent: Sent[] = [];
  const frames = (to: "room" | "account") => (payload: string) => {
    const [id = "", ...lines] = payload.split("\n");
    for (const line of lines) sent.push({ to, id, frame: JSON.parse(line) as ServerFrame });
  };
  const query = (to: "evict" | "disconnect") => (payload: string) => {
    sent.push({ to, ...(JSON.parse(payload) as object) } as Sent);
  };
  bus.subscribe("chat.room", frames("room"));
  bus.subscribe("chat.account", frames("account"));
  bus.subscribe("chat.evict", query("evict"));
  bus.subscribe("chat.disconnect", query("disconnect"));
  return sent;
}
