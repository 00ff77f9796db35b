import type { ProofMethod } from "@foyer/protocol";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import type { Grant } from "../identity.types.ts";
import type { PasswordHasher } from "../secrets/password.hash.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SignInLimits } from "../sessions/sign.in.limits.ts";
import type { SecondFactor, SecondFactorGiven } from "./second.factor.ts";

export interface StepUpDeps {
  accounts: Pick<AccountsStore, "secretById">;
  secondFactor: SecondFactor;
  hasher: PasswordHasher;
  sessions: Pick<Sessions, "exchange">;
  limits: SignInLimits;
  events: SecurityEvents;
  clock: Clock;
}

/** Fresh proofs before dangerous acts. */
export interface StepUp {
  /**
   * By which methods the account can show who it is: its second factor where it has one, since a password may have been
   * watched; its password otherwise. Empty: only signing in again will do.
   */
  methods(accountId: string): Promise<ProofMethod[]>;
  /** Until when the caller's last proof counts, in milliseconds since 1970; null when it does not count any more. */
  until(caller: AccountCaller): number | null;
  /** Throws `auth.step_up_required` with the methods unless the caller has shown who they are within ten minutes. */
  require(caller: AccountCaller): Promise<void>;
  /**
   * Takes a proof and exchanges the session. Throws `auth.invalid_credentials`, `auth.second_factor_invalid`,
   * `auth.passkey_invalid`, `rate.limited`, `request.invalid` unless exactly one proof is given that the account has.
   */
  prove(caller: AccountCaller, given: SecondFactorGiven & { password?: string | undefined }): Promise<Grant>;
}

const lasts = 600_000;

export function createStepUp(deps: StepUpDeps): StepUp {
  const { accounts, secondFactor, hasher, limits, clock } = deps;

  async function methods(accountId: string): Promise<ProofMethod[]> {
    const second = await secondFactor.methods(accountId);
    if (second.length > 0) return second;
    const known = await accounts.secretById(accountId);
    return typeof known?.passwordHash === "string" ? ["password"] : [];
  }

  async function checkPassword({ accountId, addressHash }: AccountCaller, password: string): Promise<void> {
    await limits.admit(accountId, addressHash);
    const known = await accounts.secretById(accountId);
    if (!(await hasher.verify(password, known?.passwordHash))) {
      limits.failed(accountId);
      deps.events.signInFailed(accountId, "step_up");
      throw new AppError("auth.invalid_credentials", "The password is not right.");
    }
    limits.succeeded(accountId);
  }

  const until = ({ provenAt }: AccountCaller) => {
    const end = (provenAt ?? 0) + lasts;
    return end > clock.now() ? end : null;
  };

  return {
    methods,
    until,

    async require(caller) {
      if (caller.scopes === undefined && until(caller) !== null) return;
      throw new AppError("auth.step_up_required", "Show again that it is you.", {
        details: { methods: caller.scopes === undefined ? await methods(caller.accountId) : [] },
      });
    },

    async prove(caller, { password, ...second }) {
      const given = [password, ...Object.values(second)].filter((each) => each !== undefined);
      if (given.length !== 1) throw new AppError("request.invalid", "Give exactly one proof.");
      const possible = await methods(caller.accountId);
      if (password === undefined) {
        await secondFactor.verify(caller.accountId, caller.addressHash, second);
      } else if (possible.includes("password")) {
        await checkPassword(caller, password);
      } else {
        throw new AppError("auth.second_factor_required", "The password alone does not do here.", {
          details: { methods: possible },
        });
      }
      const known = await accounts.secretById(caller.accountId);
      if (known === undefined) throw new AppError("auth.token_invalid", "This account does not exist any more.");
      return deps.sessions.exchange(caller, known.account);
    },
  };
}
