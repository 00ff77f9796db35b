import type { Logger } from "pino";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Vault } from "../../../platform/vault/vault.ts";
import type { Credential, CredentialsStore } from "./credentials.store.ts";
import type { LinkNews } from "./link.news.ts";
import type { LinkKey, LinksStore } from "./links.store.ts";
import { createRenewal, type RenewalTimes, renewalTimes } from "./renewal.ts";
import { createSealedTokens, signInAgain } from "./sealed.tokens.ts";
import type { TokenProvider, Tokens } from "./token.provider.port.ts";
import { createValidation } from "./validation.ts";

/** An access token that can be used now. `expiresAt` in milliseconds since 1970; null: the provider does not say. */
export interface AccessToken {
  accessToken: string;
  expiresAt: number | null;
}

/** What a round of checks did. */
export interface ValidationReport {
  checked: number;
  revoked: number;
  /** Provider or vault could not be reached: tried again soon. */
  postponed: number;
}

/**
 * What accounts entrust: tokens of outside providers, sealed in the vault. Errors: `link.not_found` (no such link or
 * nothing stored for it), `link.sign_in_again` (the grant is gone, or the vault's key), `provider.unavailable` and
 * `vault.unavailable` (trying later can help).
 */
export interface Credentials {
  /** Stores the tokens of a sign-in; the link must exist and becomes active. */
  save(accountId: string, provider: string, tokens: Tokens): Promise<void>;
  /** A token that can be used: refreshed when it ends soon. */
  open(accountId: string, provider: string): Promise<AccessToken>;
  /** After a 401 with `staleToken`: another token, refreshed unless somebody has done so already. */
  refreshAfter401(accountId: string, provider: string, staleToken: string): Promise<AccessToken>;
  /** The provider told that the person took the grant back. */
  withdrawn(accountId: string, provider: string): Promise<void>;
  /** Gives the tokens back to the provider, if it can be reached, and removes link and tokens. */
  forget(accountId: string, provider: string): Promise<void>;
  /** Asks the providers about links that were not checked for an hour. For a job every few minutes. */
  validateDue(): Promise<ValidationReport>;
}

export interface CredentialsDeps {
  store: CredentialsStore;
  links: LinksStore;
  vault: Vault;
  /** By the name that stands in the links. */
  providers: Readonly<Record<string, TokenProvider>>;
  clock: Clock;
  ids: Ids;
  log: Logger;
  news: LinkNews;
  times?: Partial<RenewalTimes> | undefined;
}

/** A token that ends within this time is refreshed before it is handed out. */
const aheadMs = 300_000;
/** A token that ends within this time is of no use to anybody. */
const marginMs = 10_000;

/** Credentials over their stores, the vault and the providers. */
export function createCredentials(deps: CredentialsDeps): Credentials {
  const { store, links, vault, providers, news, clock, ids, log } = deps;
  const times = { ...renewalTimes, ...deps.times };
  const sealed = createSealedTokens({ vault, store, news, now: () => clock.now() });
  const wait = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));
  const renewal = createRenewal({ store, sealed, providers, news, clock, ids, log, times, wait });

  async function find(key: LinkKey): Promise<Credential> {
    const found = await store.find(key);
    if (found !== undefined) return found;
    const link = await links.find(key);
    if (link?.status === "revoked") throw signInAgain(key.provider);
    throw new AppError("link.not_found", `There is no link to ${key.provider} with stored tokens.`);
  }

  async function handOut(credential: Credential): Promise<AccessToken> {
    return { accessToken: await sealed.open(credential, "access"), expiresAt: credential.expiresAt };
  }

  async function open(accountId: string, provider: string): Promise<AccessToken> {
    const found = await find({ accountId, provider });
    const left = found.expiresAt === null ? Number.POSITIVE_INFINITY : found.expiresAt - clock.now();
    if (left <= marginMs) return handOut(await renewal.renew(found));
    // Of short lives the last quarter counts, so that not every opening refreshes.
    const ahead = found.expiresAt === null ? 0 : Math.min(aheadMs, (found.expiresAt - found.refreshedAt) / 4);
    if (left > ahead || found.refresh === null) return handOut(found);
    // It still works: nobody waits for another node, and nobody suffers when the provider is away.
    const renewed = await renewal.tryRenew(found).catch((error: unknown) => {
      if (error instanceof AppError && error.code.endsWith(".unavailable")) return undefined;
      throw error;
    });
    return handOut(renewed ?? found);
  }

  async function refreshAfter401(accountId: string, provider: string, staleToken: string): Promise<AccessToken> {
    const found = await find({ accountId, provider });
    const held = await handOut(found);
    return held.accessToken === staleToken ? handOut(await renewal.renew(found)) : held;
  }

  async function giveBack(key: LinkKey): Promise<void> {
    const provider = providers[key.provider];
    const found = await store.find(key);
    if (provider?.revoke === undefined || found === undefined) return;
    try {
      const token = await sealed.open(found, "access");
      await provider.revoke(token, { signal: AbortSignal.timeout(times.callMs) });
    } catch (error) {
      log.warn(
        { provider: key.provider, reason: error instanceof Error ? error.name : "unknown" },
        "a token could not be given back",
      );
    }
  }

  const validation = createValidation({ links, providers, clock, log, callMs: times.callMs, open, refreshAfter401 });

  return {
    async save(accountId, provider, tokens) {
      const key = { accountId, provider };
      const now = clock.now();
      const expiresAt = tokens.expiresIn === undefined ? null : now + tokens.expiresIn * 1000;
      const { accessToken, refreshToken } = tokens;
      const fresh = await sealed.seal(key, { accessToken, refreshToken, expiresAt });
      if (!(await store.put(key, fresh, tokens.scopes, now)))
        throw new AppError("link.not_found", `There is no link to ${provider}.`);
    },
    open,
    refreshAfter401,
    async withdrawn(accountId, provider) {
      const key = { accountId, provider };
      if (await store.revoke(key, undefined, "withdrawn")) await news.ended(key, "withdrawn");
    },
    async forget(accountId, provider) {
      const key = { accountId, provider };
      await giveBack(key);
      await links.remove(key);
    },
    validateDue: () => validation.validateDue(),
  };
}
