import { type Account, password as passwordSchema } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Once } from "../factors/once.ts";
import type { StepUp } from "../factors/step.up.ts";
import type { Addresses } from "../letters/addresses.ts";
import type { Post } from "../letters/post.ts";
import type { PasswordHasher } from "../secrets/password.hash.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SignInLimits } from "../sessions/sign.in.limits.ts";
import { accountOf } from "./account.view.ts";
import type { AccountRecord, AccountsStore } from "./accounts.store.ts";
import { refuseCommonPassword } from "./password.rules.ts";
import type { Profiles } from "./profiles.ts";

export interface OwnAccountDeps {
  store: AccountsStore;
  profiles: Profiles;
  sessions: Sessions;
  hasher: PasswordHasher;
  limits: SignInLimits;
  audit: Audit;
  events: SecurityEvents;
  stepUp: Pick<StepUp, "require">;
  once: Pick<Once, "forget">;
  addresses: Pick<Addresses, "offerVerification">;
  post: Pick<Post, "changed">;
}

/** What people change about themselves, and what is done for those who forgot their password. */
export interface OwnAccount {
  get(accountId: string): Promise<Account>;
  /**
   * `email: null` takes the address away. The address is a way in, so that changing it takes a step-up; then it has to
   * be confirmed anew. Throws `account.email_taken`, `auth.step_up_required`.
   */
  updateProfile(
    caller: AccountCaller,
    change: { displayName?: string | undefined; email?: string | null | undefined },
  ): Promise<Account>;
  /**
   * All other sessions end. Without `currentPassword` an account that has none sets its first one, which takes a step-up.
   * Throws `auth.invalid_credentials` for a wrong current password, `auth.step_up_required`, `request.invalid` where
   * the current one is missing, `account.password_common`, `rate.limited`.
   */
  changePassword(
    caller: AccountCaller,
    input: { currentPassword?: string | undefined; newPassword: string },
  ): Promise<void>;
  /**
   * For those who run the server. All sessions end. Throws `account.not_found`, `account.password_common` and
   * `request.invalid`.
   */
  resetPassword(login: string, password: string): Promise<Account>;
}

export function createOwnAccount(deps: OwnAccountDeps): OwnAccount {
  const { store, profiles, sessions, hasher, limits, audit, events } = deps;

  async function get(accountId: string): Promise<Account> {
    const [record] = await store.byIds([accountId]);
    if (record === undefined) throw new AppError("account.not_found", "There is no such account.");
    return accountOf(record);
  }

  async function addressChanged(accountId: string, before: AccountRecord | undefined): Promise<void> {
    await deps.once.forget(accountId, ["email_verification", "password_reset"]);
    await audit.record({ actorId: accountId, action: "email.changed", subject: { kind: "account", id: accountId } });
    if (before?.email != null && before.emailVerifiedAt != null) deps.post.changed(accountId, "email", before.email);
    deps.addresses.offerVerification(accountId);
  }

  async function checkCurrent({ accountId, addressHash }: AccountCaller, password: string, stored: string | null) {
    await limits.admit(accountId, addressHash);
    const isRight = await hasher.verify(password, stored ?? undefined);
    if (!isRight || stored === null) {
      limits.failed(accountId);
      events.signInFailed(accountId, "credentials");
      throw new AppError("auth.invalid_credentials", "The current password is not right.");
    }
    limits.succeeded(accountId);
  }

  /** A new way in: only for those who have no password that they could show, and have shown otherwise who they are. */
  async function admitFirst(caller: AccountCaller, stored: string | null): Promise<void> {
    if (caller.role === "guest") {
      throw new AppError("auth.forbidden", "Guests have no password. Make an account first.");
    }
    if (stored !== null) {
      const message = "must be given";
      throw new AppError("request.invalid", `currentPassword ${message}`, {
        fields: [{ path: "currentPassword", message }],
      });
    }
    await deps.stepUp.require(caller);
  }

  return {
    get,

    async updateProfile(caller, change) {
      if (caller.role === "guest" && change.email !== undefined) {
        throw new AppError("auth.forbidden", "Guests have no e-mail address. Make an account first.");
      }
      if (change.displayName !== undefined || change.email !== undefined) {
        const email = typeof change.email === "string" ? change.email.toLowerCase() : change.email;
        const [before] = await store.byIds([caller.accountId]);
        const isOther = email !== undefined && email !== before?.email;
        if (isOther) await deps.stepUp.require(caller);
        const result = await store.updateProfile(caller.accountId, { displayName: change.displayName, email });
        if (result === "email_taken") {
          throw new AppError("account.email_taken", "There is an account with this e-mail address.");
        }
        profiles.changed(caller.accountId);
        if (isOther) await addressChanged(caller.accountId, before);
      }
      return get(caller.accountId);
    },

    async changePassword(caller, { currentPassword, newPassword }) {
      const known = await store.secretById(caller.accountId);
      const stored = known?.passwordHash ?? null;
      if (currentPassword !== undefined) await checkCurrent(caller, currentPassword, stored);
      else await admitFirst(caller, stored);
      await refuseCommonPassword(newPassword, known?.account ?? caller.profile, "newPassword");
      // Only while the one that was checked is still stored: a reset in between wins.
      if (!(await store.setPassword(caller.accountId, await hasher.hash(newPassword), stored))) {
        throw new AppError("auth.invalid_credentials", "The password was changed by somebody else just now.");
      }
      await deps.once.forget(caller.accountId, ["password_reset", "pending_sign_in"]);
      await sessions.endAll(caller.accountId, caller.sessionId);
      deps.post.changed(caller.accountId, "password");
      await audit.record({
        actorId: caller.accountId,
        action: "account.password_changed",
        subject: { kind: "account", id: caller.accountId },
        ...(stored === null ? { details: { first: true } } : {}),
      });
      events.passwordChanged(caller.accountId, "changed");
    },

    async resetPassword(login, password) {
      const wrong = passwordSchema.safeParse(password).error?.issues[0]?.message;
      if (wrong !== undefined) {
        throw new AppError("request.invalid", `password ${wrong}`, { fields: [{ path: "password", message: wrong }] });
      }
      const known = await store.secretByLogin(login.trim().toLowerCase());
      if (known === undefined || known.account.role === "guest") {
        throw new AppError("account.not_found", "There is no such account.");
      }
      await refuseCommonPassword(password, known.account, "password");
      const { id } = known.account;
      await store.setPassword(id, await hasher.hash(password));
      await deps.once.forget(id, ["password_reset", "pending_sign_in"]);
      await sessions.endAll(id);
      await audit.record({ actorId: null, action: "account.password_reset", subject: { kind: "account", id } });
      events.passwordChanged(id, "reset");
      return accountOf(known.account);
    },
  };
}
