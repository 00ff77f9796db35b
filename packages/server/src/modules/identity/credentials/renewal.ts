import type { Logger } from "pino";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Credential, CredentialsStore } from "./credentials.store.ts";
import type { LinkNews } from "./link.news.ts";
import type { LinkKey } from "./links.store.ts";
import { type SealedTokensService, signInAgain } from "./sealed.tokens.ts";
import { GrantRefused, type TokenProvider, type Tokens } from "./token.provider.port.ts";

/** How long things may take, in milliseconds. */
export interface RenewalTimes {
  /** One call to a provider. */
  callMs: number;
  /** How long a node holds the right to refresh one credential: more than a call and the storing of its answer take. */
  leaseMs: number;
  /** How long a caller waits for a refresh of another node. More than the lease: then it takes over. */
  waitMs: number;
}

export const renewalTimes: RenewalTimes = { callMs: 10_000, leaseMs: 30_000, waitMs: 40_000 };

/** Waits after each failed attempt to store new tokens: nothing is worse than to lose them now. */
const storingPauses = [50, 200, 1_000, 3_000, 10_000];

export interface RenewalDeps {
  store: CredentialsStore;
  sealed: SealedTokensService;
  providers: Readonly<Record<string, TokenProvider>>;
  news: LinkNews;
  clock: Clock;
  ids: Ids;
  log: Logger;
  times: RenewalTimes;
  wait(milliseconds: number): Promise<void>;
}

/** Refreshes tokens, each refresh token by one node at a time. */
export interface Renewal {
  /**
   * Returns a credential that is newer than `seen`: refreshed here, or by whoever was quicker. Throws
   * `link.sign_in_again`, `provider.unavailable` or `vault.unavailable`.
   */
  renew(seen: Credential): Promise<Credential>;
  /** The same, but undefined at once when another node is at it. */
  tryRenew(seen: Credential): Promise<Credential | undefined>;
}

/**
 * The rules: whoever spends a refresh token holds the lease of its credential. That it is spent is written down before
 * the provider is called, and the answer replaces the old tokens in one write, fenced by the version that was read, so
 * that neither a late answer nor a rewrap overwrites anything newer. The data key for the answer is fetched before the
 * call: once the old token is spent, only the database is needed. A node that dies in between leaves the old tokens;
 * the next one tries the old refresh token once more (it may not have been used, and if it was, nothing is worse than
 * before) and, if it is refused, asks the person to sign in again.
 */
export function createRenewal(deps: RenewalDeps): Renewal {
  const { store, sealed, news, clock, ids, log, times } = deps;
  const running = new Map<string, Promise<Credential | undefined>>();

  async function current(key: LinkKey): Promise<Credential> {
    const found = await store.find(key);
    if (found === undefined) throw signInAgain(key.provider);
    return found;
  }

  async function attempt(seen: Credential): Promise<Credential | undefined> {
    if (seen.refresh === null) throw signInAgain(seen.provider);
    const id = ids.uuid();
    const now = clock.now();
    if (!(await store.lease(seen, seen.version, { id, until: now + times.leaseMs, now }))) return undefined;
    // Read again: between the reading and the lease somebody may have tried, and failed.
    const held = await current(seen);
    return held.version === seen.version ? underLease(held, id) : held;
  }

  async function underLease(seen: Credential, leaseId: string): Promise<Credential> {
    const provider = deps.providers[seen.provider];
    let refreshToken: string;
    try {
      if (provider === undefined) throw unavailable(seen.provider);
      refreshToken = await sealed.open(seen, "refresh");
      await sealed.prepare(seen);
      const now = clock.now();
      const lease = { id: leaseId, until: now + times.leaseMs, now };
      if (!(await store.spend(seen, seen.version, lease))) throw unavailable(seen.provider);
    } catch (error) {
      // What an earlier node may have spent stays marked.
      await store.release(seen, leaseId, { unspent: seen.spentAt === null });
      throw error;
    }
    if (seen.spentAt !== null)
      log.warn(
        { accountId: seen.accountId, provider: seen.provider },
        "the end of an earlier refresh is not known: its refresh token is tried once more",
      );
    let tokens: Tokens;
    try {
      tokens = await provider.refresh(refreshToken, { signal: AbortSignal.timeout(times.callMs) });
    } catch (error) {
      return afterFailure(seen, leaseId, error);
    }
    return keep(seen, { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken });
  }

  async function afterFailure(seen: Credential, leaseId: string, error: unknown): Promise<Credential> {
    if (!(error instanceof GrantRefused)) {
      await store.release(seen, leaseId, { unspent: false });
      news.refreshed(seen.provider, "unavailable");
      log.warn(
        { provider: seen.provider, reason: error instanceof Error ? error.name : "unknown" },
        "a refresh failed",
      );
      throw unavailable(seen.provider);
    }
    news.refreshed(seen.provider, "refused");
    const reason = seen.spentAt === null ? "refused" : "interrupted";
    if (await store.revoke(seen, seen.version, reason)) {
      await news.ended(seen, reason);
      throw signInAgain(seen.provider);
    }
    // Somebody else stored newer tokens while this node was too slow: those count.
    return current(seen);
  }

  async function keep(seen: Credential, tokens: Tokens): Promise<Credential> {
    const now = clock.now();
    const expiresAt = tokens.expiresIn === undefined ? null : now + tokens.expiresIn * 1000;
    for (let failures = 0; ; failures++) {
      try {
        const { accessToken, refreshToken, scopes } = tokens;
        const fresh = await sealed.seal(seen, { accessToken, refreshToken, expiresAt });
        const stored = await store.replace(seen, seen.version, fresh, scopes, now);
        news.refreshed(seen.provider, stored ? "ok" : "late");
        return await current(seen);
      } catch (error) {
        if (error instanceof AppError && error.code === "link.sign_in_again") throw error;
        const pause = storingPauses[failures];
        log.error(
          { provider: seen.provider, attempt: failures + 1, err: error },
          "refreshed tokens could not be stored",
        );
        if (pause === undefined) {
          news.refreshed(seen.provider, "unstored");
          throw unavailable(seen.provider);
        }
        await deps.wait(pause);
      }
    }
  }

  /** Of the callers in this process one tries, and the others get what it gets. */
  function once(seen: Credential): Promise<Credential | undefined> {
    const name = `${seen.provider} ${seen.accountId} ${seen.version}`;
    let trying = running.get(name);
    if (trying === undefined) {
      trying = attempt(seen).finally(() => running.delete(name));
      running.set(name, trying);
    }
    return trying;
  }

  return {
    tryRenew: once,
    async renew(seen) {
      const until = clock.now() + times.waitMs;
      for (let known = seen; ; known = await current(seen)) {
        if (known.version !== seen.version) return known;
        const renewed = await once(known);
        if (renewed !== undefined) return renewed;
        if (clock.now() > until) throw unavailable(seen.provider);
        await deps.wait(20 + Math.round(ids.fraction() * 80));
      }
    },
  };
}

/** Says that the provider cannot be reached now. */
export function unavailable(provider: string): AppError {
  return new AppError("provider.unavailable", `${provider} cannot be reached at the moment. Please try again soon.`, {
    retryAfter: 10,
  });
}
