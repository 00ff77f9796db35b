import type { Session } from "@foyer/protocol";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { accountOf, profileOf } from "../accounts/account.view.ts";
import type { AccountRecord } from "../accounts/accounts.store.ts";
import { topics } from "../identity.events.ts";
import type { Grant, Visit } from "../identity.types.ts";
import type { SessionRecord, SessionsStore } from "./sessions.store.ts";
import type { Tokens } from "./tokens.ts";

export interface SessionsDeps {
  store: SessionsStore;
  tokens: Tokens;
  clock: Clock;
  ids: Ids;
  bus: Bus;
  sessionSeconds: number;
  /** Makes this node look a session up anew. */
  forget: (sessionId: string) => void;
  /** Told of every new sign-in. Must not throw. */
  opened?: ((account: AccountRecord, session: SessionRecord) => void) | undefined;
}

/** How long a session can be made to last by using it, in seconds. */
const longestSeconds = 30 * 86_400;

/** Opening, listing and ending sessions. */
export interface Sessions {
  /**
   * A new session for the account: of `seconds`, or of the usual length, and then using it makes it last longer. The
   * session that the visit came with ends: nobody keeps an old token by signing in.
   */
  open(account: AccountRecord, visit: Visit, seconds?: number): Promise<Grant>;
  /**
   * A new session in place of the caller's, after a fresh proof: whoever knew the old token has nothing any more.
   * Throws `auth.token_invalid` when the old one ended meanwhile.
   */
  exchange(caller: AccountCaller, account: AccountRecord): Promise<Grant>;
  list(caller: AccountCaller): Promise<Session[]>;
  /** Throws `session.not_found` for one that is over, unknown or another account's. */
  revoke(caller: AccountCaller, sessionId: string): Promise<void>;
  /** Ends the caller's own session. One that is over already is fine. */
  end(caller: AccountCaller): Promise<void>;
  /** Ends all sessions of an account but `except`, on every node. */
  endAll(accountId: string, except?: string): Promise<void>;
}

export function createSessions(deps: SessionsDeps): Sessions {
  const { store, tokens, clock, ids, bus, sessionSeconds, forget, opened } = deps;

  function told(accountId: string, sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) {
      // A bus to other nodes comes back late; here it must count at once.
      forget(sessionId);
      bus.publish(topics.sessionRevoked, JSON.stringify({ sessionId, accountId }));
    }
  }

  async function end(accountId: string, sessionId: string): Promise<boolean> {
    const ended = await store.revoke(accountId, sessionId, clock.now());
    if (ended) told(accountId, [sessionId]);
    return ended;
  }

  async function granted(account: AccountRecord, session: SessionRecord, addressHash: string): Promise<Grant> {
    const { id: sessionId, expiresAt } = session;
    const endsAt = session.endsAt ?? expiresAt;
    const caller: AccountCaller = {
      kind: "account",
      accountId: account.id,
      profile: profileOf(account),
      role: account.role,
      sessionId,
      expiresAt,
      addressHash,
      provenAt: session.provenAt ?? null,
    };
    // The row says when the session is over; the token is good for as long as the row can say otherwise.
    const token = await tokens.sign({ accountId: account.id, sessionId, expiresAt: endsAt });
    return { caller, account: accountOf(account), token, expiresAt, endsAt };
  }

  return {
    async open(account, visit, seconds) {
      const now = clock.now();
      const expiresAt = wholeSeconds(now, seconds ?? sessionSeconds);
      const session: SessionRecord = {
        id: ids.uuid(),
        accountId: account.id,
        device: visit.device,
        createdAt: now,
        lastUsedAt: now,
        expiresAt,
        revokedAt: null,
        place: visit.place ?? null,
        endsAt: seconds === undefined ? wholeSeconds(now, Math.max(longestSeconds, sessionSeconds)) : null,
        provenAt: visit.proven === true ? now : null,
      };
      await store.add(session);
      await store.seen(account.id, visit.addressHash, now);
      if (visit.replaces !== undefined) await end(visit.replaces.accountId, visit.replaces.sessionId);
      opened?.(account, session);
      return granted(account, session, visit.addressHash);
    },

    async exchange(caller, account) {
      const now = clock.now();
      const [old] = await store.byIds([caller.sessionId]);
      const fresh = old && { ...old, id: ids.uuid(), lastUsedAt: now, revokedAt: null, provenAt: now };
      if (fresh === undefined || !(await store.exchange(caller.sessionId, fresh))) {
        throw new AppError("auth.token_invalid", "This session was ended. Sign in again.");
      }
      forget(caller.sessionId);
      const payload = { sessionId: caller.sessionId, accountId: caller.accountId, replaced: true };
      bus.publish(topics.sessionRevoked, JSON.stringify(payload));
      return granted(account, fresh, caller.addressHash);
    },

    async list(caller) {
      const sessions = await store.active(caller.accountId, clock.now());
      return sessions.map((session) => ({
        sessionId: session.id,
        device: session.device,
        ...(session.place == null ? {} : { place: session.place }),
        createdAt: isoTime(session.createdAt),
        lastUsedAt: isoTime(session.lastUsedAt),
        expiresAt: isoTime(session.expiresAt),
        current: session.id === caller.sessionId,
      }));
    },

    async revoke(caller, sessionId) {
      if (await end(caller.accountId, sessionId)) return;
      throw new AppError("session.not_found", "There is no such session.");
    },

    async end(caller) {
      await end(caller.accountId, caller.sessionId);
    },

    async endAll(accountId, except) {
      told(accountId, await store.revokeAll(accountId, clock.now(), except));
    },
  };
}

/** Tokens count in whole seconds; the row says the same. Milliseconds since 1970. */
function wholeSeconds(now: number, seconds: number): number {
  return Math.floor(now / 1000 + seconds) * 1000;
}
