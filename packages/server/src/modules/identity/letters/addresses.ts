import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import { refuseCommonPassword } from "../accounts/password.rules.ts";
import type { Profiles } from "../accounts/profiles.ts";
import type { Once } from "../factors/once.ts";
import type { PasswordHasher } from "../secrets/password.hash.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SignInLimits } from "../sessions/sign.in.limits.ts";
import { resetLetter, verificationLetter } from "./letters.ts";
import type { Post } from "./post.ts";

export interface AddressesDeps {
  accounts: AccountsStore;
  profiles: Profiles;
  sessions: Pick<Sessions, "endAll">;
  hasher: PasswordHasher;
  once: Once;
  post: Post;
  limits: SignInLimits;
  audit: Audit;
  events: SecurityEvents;
  now: () => number;
  publicUrl: () => string;
}

/** What e-mail addresses are for. Everything throws `email.not_configured` where no mail server is set up. */
export interface Addresses {
  /** Asks the account's address whether it is the account's. Throws `email.missing`, `rate.limited`. */
  requestVerification(caller: AccountCaller): Promise<void>;
  /** The same without anybody asking: after a new address was given. Does nothing where it cannot. */
  offerVerification(accountId: string): void;
  /** Throws `email.token_invalid`: also when the account has another address by now. */
  verify(token: string): Promise<{ email: string }>;
  /**
   * Sends the way to a new password to the account's address, if there are both. The answer, and the time that it takes,
   * is the same for everybody. Throws `rate.limited`.
   */
  requestReset(login: string, addressHash: string): Promise<void>;
  /** Sets the password; all sessions end. Throws `email.token_invalid`, `account.password_common`, `rate.limited`. */
  reset(token: string, newPassword: string, addressHash: string): Promise<void>;
}

const verifySeconds = 86_400;
const resetSeconds = 1800;

export function createAddresses(deps: AddressesDeps): Addresses {
  const { accounts, once, post, limits, audit } = deps;
  const sender = () => ({ publicUrl: deps.publicUrl() });
  const invalid = () =>
    new AppError("email.token_invalid", "This link was used, is too old, or was never good. Ask for another.");

  function offerVerification(accountId: string): void {
    post.later(async () => {
      const [account] = await accounts.byIds([accountId]);
      if (account?.email == null || account.emailVerifiedAt != null) return undefined;
      await once.forget(accountId, ["email_verification"]);
      const held = { accountId, data: account.email };
      const { text } = await once.issue("email_verification", verifySeconds, held);
      const letter = verificationLetter(sender(), account.handle, text);
      return { accountId, to: account.email, letter, seconds: verifySeconds };
    });
  }

  return {
    offerVerification,

    async requestVerification({ accountId, addressHash }) {
      post.require();
      await limits.admit(`letter ${accountId}`, `letter ${addressHash}`);
      const [account] = await accounts.byIds([accountId]);
      if (account?.email == null) throw new AppError("email.missing", "This account has no e-mail address.");
      offerVerification(accountId);
    },

    async verify(token) {
      const held = await once.take("email_verification", token);
      if (held?.accountId == null || held.data === null) throw invalid();
      const { accountId, data: email } = held;
      if (!(await accounts.setEmailVerified(accountId, email, deps.now()))) throw invalid();
      deps.profiles.changed(accountId);
      await audit.record({ actorId: accountId, action: "email.verified", subject: { kind: "account", id: accountId } });
      return { email };
    },

    async requestReset(typed, addressHash) {
      post.require();
      const login = typed.trim().toLowerCase();
      await limits.admit(`letter ${login}`, `letter ${addressHash}`);
      post.later(async () => {
        const account = (await accounts.secretByLogin(login))?.account;
        if (account?.email == null || account.suspendedAt !== null) return undefined;
        await once.forget(account.id, ["password_reset"]);
        const held = { accountId: account.id, data: account.email };
        const { text } = await once.issue("password_reset", resetSeconds, held);
        const letter = resetLetter(sender(), account.handle, text);
        return { accountId: account.id, to: account.email, letter, seconds: resetSeconds };
      });
    },

    async reset(token, newPassword, addressHash) {
      await limits.admitAddress(`reset ${addressHash}`);
      const held = await once.find("password_reset", token);
      const accountId = held?.accountId;
      if (accountId == null || held?.data == null) throw invalid();
      const known = await accounts.secretById(accountId);
      // The letter went to an address that the account no longer has.
      if (known === undefined || known.account.email !== held.data) throw invalid();
      // Before the link is used up: whoever is refused tries another password.
      await refuseCommonPassword(newPassword, known.account, "newPassword");
      if ((await once.take("password_reset", token)) === undefined) throw invalid();
      await accounts.setPassword(accountId, await deps.hasher.hash(newPassword));
      await once.forget(accountId, ["password_reset", "pending_sign_in"]);
      // Whoever read the letter has the address.
      await accounts.setEmailVerified(accountId, held.data, deps.now());
      await deps.sessions.endAll(accountId);
      deps.profiles.changed(accountId);
      await audit.record({
        actorId: null,
        action: "account.password_reset",
        subject: { kind: "account", id: accountId },
        details: { by: "email" },
      });
      deps.events.passwordChanged(accountId, "reset");
      post.changed(accountId, "password");
    },
  };
}
