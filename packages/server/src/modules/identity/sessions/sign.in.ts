import { AppError } from "../../../platform/errors/app.error.ts";
import type { AccountRecord, AccountSecret, AccountsStore } from "../accounts/accounts.store.ts";
import { type Once, sha256 } from "../factors/once.ts";
import type { Passkeys } from "../factors/passkeys.ts";
import type { SecondFactor, SecondFactorGiven } from "../factors/second.factor.ts";
import type { Grant, Visit } from "../identity.types.ts";
import type { PasswordHasher } from "../secrets/password.hash.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Sessions } from "./sessions.ts";
import type { SignInLimits } from "./sign.in.limits.ts";

export interface SignInDeps {
  store: AccountsStore;
  sessions: Sessions;
  hasher: PasswordHasher;
  limits: SignInLimits;
  events: SecurityEvents;
  secondFactor: SecondFactor;
  passkeys: Pick<Passkeys, "prove">;
  once: Once;
}

/** Signs in: by handle or e-mail address and password, with a second factor where there is one; or by a passkey. */
export interface SignIn {
  /**
   * Throws `rate.limited`, `auth.invalid_credentials` (the same answer and the same work for an unknown login and a
   * wrong password); and only to whoever knows the password `account.suspended` and `auth.second_factor_required` with
   * methods and `pending`.
   */
  signIn(input: { login: string; password: string } & SecondFactorGiven, visit: Visit): Promise<Grant>;
  /**
   * For accounts that were let in by a first factor of another kind: throws `auth.second_factor_required` with
   * `pending` when the account has a second one.
   */
  gate(account: AccountRecord): Promise<void>;
  /** Goes on with `pending`. Throws `auth.token_expired` when it is over or used, and what the factors throw. */
  complete(pending: string, given: SecondFactorGiven, visit: Visit): Promise<Grant>;
  /** By a passkey alone, which is two factors in itself. Throws `auth.passkey_invalid`, `account.suspended`. */
  byPasskey(response: { id: string; [field: string]: unknown }, visit: Visit): Promise<Grant>;
}

const pendingSeconds = 600;

export function createSignIn(deps: SignInDeps): SignIn {
  const { store, sessions, hasher, limits, events, secondFactor, once } = deps;
  const refuse = () =>
    new AppError("auth.invalid_credentials", "This handle and this password do not belong together.");

  /** Makes an old hash as strong as today's. Returns the hash that is stored now, if nobody else changed it. */
  async function refresh({ account, passwordHash }: AccountSecret, password: string): Promise<string | null> {
    if (passwordHash === null || !hasher.isOutdated(passwordHash)) return passwordHash;
    const stronger = await hasher.hash(password);
    return (await store.setPassword(account.id, stronger, passwordHash)) ? stronger : passwordHash;
  }

  /** Opens a session, unless the password that let somebody in was changed while this went on. */
  async function open(account: AccountRecord, visit: Visit, passwordHash: string | null): Promise<Grant> {
    const grant = await sessions.open(account, { ...visit, proven: true });
    if ((await store.secretById(account.id))?.passwordHash !== passwordHash) {
      await sessions.end(grant.caller);
      throw refuse();
    }
    events.signedIn(account.id);
    return grant;
  }

  function checkSuspended(account: AccountRecord): void {
    if (account.suspendedAt === null) return;
    events.signInFailed(account.id, "suspended");
    throw new AppError("account.suspended", "This account is suspended.");
  }

  async function demand(account: AccountRecord, passwordHash: string | null): Promise<void> {
    const methods = await secondFactor.methods(account.id);
    if (methods.length === 0) return;
    const { text } = await once.issue("pending_sign_in", pendingSeconds, {
      accountId: account.id,
      data: sha256(passwordHash ?? ""),
    });
    throw new AppError("auth.second_factor_required", "This account asks for a second factor.", {
      details: { methods, pending: text },
    });
  }

  return {
    async signIn(input, visit) {
      const login = input.login.trim().toLowerCase();
      await limits.admit(login, visit.addressHash);
      const known = await store.secretByLogin(login);
      if (!(await hasher.verify(input.password, known?.passwordHash)) || known === undefined) {
        limits.failed(login);
        events.signInFailed(known?.account.id, "credentials");
        throw refuse();
      }
      const { account } = known;
      limits.succeeded(login);
      checkSuspended(account);
      const passwordHash = await refresh(known, input.password);
      const { totp, recoveryCode, passkey } = input;
      if (totp === undefined && recoveryCode === undefined && passkey === undefined) {
        await demand(account, passwordHash);
      } else if ((await secondFactor.methods(account.id)).length > 0) {
        await secondFactor.verify(account.id, visit.addressHash, { totp, recoveryCode, passkey });
      }
      return open(account, visit, passwordHash);
    },

    async gate(account) {
      await demand(account, (await store.secretById(account.id))?.passwordHash ?? null);
    },

    async complete(pending, given, visit) {
      const over = () => new AppError("auth.token_expired", "This took too long. Sign in again from the start.");
      // Looked at first and taken last: a typing error in a code must not send anybody back to the start.
      const held = await once.find("pending_sign_in", pending);
      const known = held?.accountId == null ? undefined : await store.secretById(held.accountId);
      if (known === undefined || sha256(known.passwordHash ?? "") !== held?.data) throw over();
      const { account, passwordHash } = known;
      checkSuspended(account);
      await secondFactor.verify(account.id, visit.addressHash, given);
      if ((await once.take("pending_sign_in", pending)) === undefined) throw over();
      return open(account, visit, passwordHash);
    },

    async byPasskey(response, visit) {
      await limits.admitAddress(`passkey ${visit.addressHash}`);
      const accountId = await deps.passkeys.prove(response).catch((error: unknown) => {
        events.signInFailed(undefined, "passkey");
        throw error;
      });
      const known = await store.secretById(accountId);
      if (known === undefined) throw new AppError("auth.passkey_invalid", "This passkey was not accepted.");
      checkSuspended(known.account);
      return open(known.account, visit, known.passwordHash);
    },
  };
}
