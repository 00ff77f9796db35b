import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { type Vault, VaultError } from "../../../platform/vault/vault.ts";
import type { SecurityEvents } from "../security.events.ts";
import { totpSecret, totpStep, totpUri } from "./totp.code.ts";
import type { TotpRecord, TotpStore } from "./totp.store.ts";

export interface AuthenticatorAppDeps {
  store: TotpStore;
  vault: Pick<Vault, "seal" | "open">;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  events: SecurityEvents;
  /** What the app shows as the name of this server. */
  issuer: () => string;
}

/** The authenticator app of an account. */
export interface AuthenticatorApp {
  /** Undefined: none is turned on. */
  find(accountId: string): Promise<TotpRecord | undefined>;
  /** Throws `totp.already_on`, `vault.unavailable`. `expiresAt` in milliseconds since 1970. */
  begin(caller: AccountCaller): Promise<{ uri: string; secret: string; expiresAt: number }>;
  /** Turns on what was begun. Throws `totp.not_started`, `totp.already_on`, `auth.second_factor_invalid`. */
  confirm(caller: AccountCaller, code: string): Promise<void>;
  /** Uses a code up. False: it is wrong or used. Throws `rate.limited` after too many wrong ones. */
  use(accountId: string, code: string): Promise<boolean>;
  /** Throws `totp.not_found`. */
  remove(caller: AccountCaller): Promise<void>;
}

const beginLasts = 600_000;
/** Wrong codes that are free. After them nobody gets to try for a while that doubles: a code has only a million values. */
const freeFailures = 10;
const firstLock = 60_000;
const longestLock = 3_600_000;

/** What the vault binds the secret to: no other account's, and nothing else of this one. */
export const totpBinding = (accountId: string) => ({ accountId, provider: "foyer", purpose: "totp" });

export function createAuthenticatorApp(deps: AuthenticatorAppDeps): AuthenticatorApp {
  const { store, vault, clock, ids, audit, events } = deps;

  async function secretOf(record: TotpRecord): Promise<string> {
    return available(() => vault.open(totpBinding(record.accountId), record.sealed));
  }
  const told = ({ accountId }: AccountCaller, action: string) =>
    audit.record({ actorId: accountId, action, subject: { kind: "account", id: accountId } });

  async function find(accountId: string): Promise<TotpRecord | undefined> {
    const found = await store.find(accountId);
    return found?.confirmedAt === null ? undefined : found;
  }

  async function wrong(accountId: string): Promise<void> {
    const over = (await store.failed(accountId)) - freeFailures;
    if (over < 0) return;
    await store.lock(accountId, clock.now() + Math.min(longestLock, firstLock * 2 ** Math.min(over, 10)));
    events.signInLimited("account");
  }

  return {
    find,

    async begin({ accountId, profile }) {
      const secret = totpSecret(Buffer.from(ids.secret(20), "base64url"));
      const { text, keyId } = await available(() => vault.seal(totpBinding(accountId), secret));
      const now = clock.now();
      if (!(await store.begin(accountId, { sealed: text, keyId }, now))) throw alreadyOn();
      return { uri: totpUri(secret, deps.issuer(), profile.handle), secret, expiresAt: now + beginLasts };
    },

    async confirm(caller, code) {
      const { accountId } = caller;
      const begun = await store.find(accountId);
      if (begun?.confirmedAt != null) throw alreadyOn();
      const now = clock.now();
      if (begun === undefined || now - begun.createdAt > beginLasts) throw notStarted();
      const step = totpStep(await secretOf(begun), code, now);
      if (step === undefined) throw new AppError("auth.second_factor_invalid", "This code is not right.");
      if (!(await store.confirm(accountId, begun.sealed, step, now))) throw notStarted();
      await told(caller, "totp.enabled");
    },

    async use(accountId, code) {
      const found = await find(accountId);
      if (found === undefined) return false;
      const now = clock.now();
      if (found.lockedUntil > now) {
        const retryAfter = Math.ceil((found.lockedUntil - now) / 1000);
        throw new AppError("rate.limited", "There were too many wrong codes.", { retryAfter });
      }
      const step = totpStep(await secretOf(found), code, now);
      if (step !== undefined && (await store.takeStep(accountId, step, now))) return true;
      await wrong(accountId);
      return false;
    },

    async remove(caller) {
      if (!(await store.remove(caller.accountId))) {
        throw new AppError("totp.not_found", "There is no authenticator app.");
      }
      await told(caller, "totp.disabled");
    },
  };
}

const alreadyOn = () => new AppError("totp.already_on", "There is an authenticator app already. Remove it first.");
const notStarted = () => new AppError("totp.not_started", "Begin again: this took too long.");

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new AppError("vault.unavailable", "The authenticator app cannot be checked at the moment.", {
      retryAfter: 30,
    });
  }
}
