import { scopedRole } from "@foyer/protocol";
import type { Logger } from "pino";
import { type Bus, gapTopic } from "../../../platform/bus/bus.ts";
import type { AccountCaller, Authenticate } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { profileOf } from "../accounts/account.view.ts";
import type { AccountRecord } from "../accounts/accounts.store.ts";
import type { Profiles } from "../accounts/profiles.ts";
import { topics } from "../identity.events.ts";
import { programTokenPrefix } from "../programs/program.token.text.ts";
import type { KnownToken, ProgramTokens } from "../programs/program.tokens.ts";
import { createLoadingCache } from "../secrets/loading.cache.ts";
import type { SessionRecord, SessionsStore } from "./sessions.store.ts";
import type { Tickets } from "./tickets.ts";
import type { Tokens } from "./tokens.ts";

export interface AuthenticationDeps {
  store: SessionsStore;
  tokens: Tokens;
  tickets: Tickets;
  /** Bearer tokens of other issuers; undefined for one that is none of theirs. */
  outside?: ((token: string) => Promise<{ accountId: string; sessionId: string } | undefined>) | undefined;
  profiles: Profiles;
  clock: Clock;
  bus: Bus;
  log: Logger;
  /** Tokens for programs. */
  programs: Pick<ProgramTokens, "verify" | "byId">;
  /** How long a session lasts without being used. */
  sessionSeconds: number;
}

export interface Authentication {
  authenticate: Authenticate;
  /**
   * Tells that a caller who was authenticated some time ago still is there and doing something, which makes the session
   * last. Returns when it ends now, in milliseconds since 1970. Throws `auth.*` when it has ended.
   */
  used(caller: AccountCaller): Promise<number>;
  /** Looks a session up anew at its next use. */
  forget(sessionId: string): void;
  /** Ends the subscription, and waits for notes that are being written. */
  close(): Promise<void>;
}

/** Where a request came from. */
interface From {
  addressHash: string;
  place: string | undefined;
}

/** How often the use of a session from one address is written down, in milliseconds. */
const NOTE_EVERY = 300_000;
/** A revocation that the bus lost counts after this long. */
const MAX_AGE = 30_000;
const MOST_NOTED = 50_000;
/** When a token for programs ends that lasts until it is revoked: still a date that can be written. */
const NEVER = Date.UTC(9999, 11, 31);

/** Turns credentials into callers. Sessions are looked up in the database, through a small cache that revocations clear. */
export function createAuthentication(deps: AuthenticationDeps): Authentication {
  const { store, clock, log } = deps;
  const writes = new Set<Promise<void>>();
  /** When the use of a session from an address was written down last. */
  const noted = new Map<string, number>();
  const sessions = createLoadingCache<SessionRecord>({
    load: async (ids) => new Map((await store.byIds(ids)).map((session) => [session.id, session])),
    clock,
    size: 20_000,
    maxAge: MAX_AGE,
  });
  const ends = [
    deps.bus.subscribe(topics.sessionRevoked, (payload) => {
      sessions.forget((JSON.parse(payload) as { sessionId: string }).sessionId);
    }),
    deps.bus.subscribe(gapTopic, () => sessions.clear()),
  ];

  async function accountOf(accountId: string): Promise<AccountRecord> {
    const account = (await deps.profiles.records([accountId])).get(accountId);
    if (account === undefined) throw new AppError("auth.token_invalid", "This account does not exist any more.");
    // Told even when the session has ended with it: this is the reason that helps.
    if (account.suspendedAt !== null) throw new AppError("account.suspended", "This account is suspended.");
    return account;
  }

  async function sessionOf(accountId: string, sessionId: string): Promise<SessionRecord> {
    const find = async () => (await sessions.get([sessionId])).get(sessionId);
    let session = await find();
    if (session !== undefined && session.expiresAt <= clock.now()) {
      // Another node may have made it last.
      sessions.forget(sessionId);
      session = await find();
    }
    if (session?.accountId !== accountId || session.revokedAt !== null) {
      throw new AppError("auth.token_invalid", "This session was ended. Sign in again.");
    }
    if (session.expiresAt <= clock.now()) {
      throw new AppError("auth.token_expired", "The session is over. Sign in again.");
    }
    return session;
  }

  /** Once less than half of its life is left, using a session gives it a whole one, up to the end that it was given. */
  async function extended(session: SessionRecord): Promise<number> {
    const now = clock.now();
    const life = deps.sessionSeconds * 1000;
    const longest = Math.min(now + life, session.endsAt ?? session.expiresAt);
    if (session.expiresAt - now >= life / 2 || longest <= session.expiresAt) return session.expiresAt;
    const expiresAt = Math.floor(longest / 1000) * 1000;
    await store.extend(session.id, expiresAt, now);
    sessions.forget(session.id);
    return expiresAt;
  }

  async function callerOf(accountId: string, sessionId: string, { addressHash, place }: From): Promise<AccountCaller> {
    const account = await accountOf(accountId);
    const session = await sessionOf(accountId, sessionId);
    const expiresAt = await extended(session);
    note(session, addressHash, place);
    return {
      kind: "account",
      accountId,
      profile: profileOf(account),
      role: account.role,
      sessionId,
      expiresAt,
      addressHash,
      provenAt: session.provenAt ?? null,
    };
  }

  async function programOf(token: KnownToken, addressHash: string): Promise<AccountCaller> {
    const account = await accountOf(token.accountId);
    return {
      kind: "account",
      accountId: account.id,
      profile: profileOf(account),
      role: scopedRole(account.role, token.scopes),
      sessionId: token.id,
      expiresAt: token.expiresAt ?? NEVER,
      addressHash,
      scopes: token.scopes,
      provenAt: null,
    };
  }

  /** Writes down when and from where a session is used, seldom, and without anybody waiting for it. */
  function note(session: SessionRecord, addressHash: string, place: string | undefined): void {
    const now = clock.now();
    const key = `${session.id}:${addressHash}`;
    const last = noted.get(key);
    if (last !== undefined && now - last < NOTE_EVERY) return;
    noted.delete(key);
    const oldest = noted.size >= MOST_NOTED ? noted.keys().next().value : undefined;
    if (oldest !== undefined) noted.delete(oldest);
    noted.set(key, now);
    const isStale = now - session.lastUsedAt >= NOTE_EVERY;
    const write = Promise.all([
      store.seen(session.accountId, addressHash, now),
      isStale ? store.touch(session.id, now, place) : undefined,
    ])
      .then(() => undefined)
      .catch((error: unknown) => log.warn({ err: error }, "The use of a session could not be written down"))
      .finally(() => writes.delete(write));
    writes.add(write);
  }

  return {
    async authenticate({ bearer, ticket, cookie }, addressHash, place) {
      const from = { addressHash, place };
      if (bearer === undefined && ticket !== undefined) {
        const { accountId, sessionId, tokenId } = await deps.tickets.redeem(ticket);
        if (tokenId !== undefined) return programOf(await deps.programs.byId(tokenId), addressHash);
        return callerOf(accountId, sessionId, from);
      }
      if (bearer?.startsWith(programTokenPrefix) === true) {
        return programOf(await deps.programs.verify(bearer), addressHash);
      }
      const token = bearer ?? cookie;
      if (token === undefined) return { kind: "anonymous", addressHash };
      const { accountId, sessionId } =
        (bearer === undefined ? undefined : await deps.outside?.(bearer)) ?? (await deps.tokens.verify(token));
      return callerOf(accountId, sessionId, from);
    },
    async used({ accountId, sessionId, scopes, addressHash }) {
      await accountOf(accountId);
      if (scopes !== undefined) return (await deps.programs.byId(sessionId)).expiresAt ?? NEVER;
      const session = await sessionOf(accountId, sessionId);
      note(session, addressHash, undefined);
      return extended(session);
    },
    forget: (sessionId) => sessions.forget(sessionId),
    async close() {
      for (const end of ends) end();
      await Promise.all(writes);
    },
  };
}
