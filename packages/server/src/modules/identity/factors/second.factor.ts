import type { ProofMethod } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { SecurityEvents } from "../security.events.ts";
import type { SignInLimits } from "../sessions/sign.in.limits.ts";
import type { AuthenticatorApp } from "./authenticator.app.ts";
import type { Passkeys } from "./passkeys.ts";
import type { RecoveryCodes } from "./recovery.codes.ts";

/** What somebody shows as a second factor: exactly one of them. */
export interface SecondFactorGiven {
  totp?: string | undefined;
  recoveryCode?: string | undefined;
  passkey?: { id: string; [field: string]: unknown } | undefined;
}

export interface SecondFactorDeps {
  app: AuthenticatorApp;
  passkeys: Passkeys;
  recovery: RecoveryCodes;
  limits: SignInLimits;
  audit: Audit;
  events: SecurityEvents;
}

/** The second factor of accounts: an authenticator app, a passkey, or in need a recovery code. */
export interface SecondFactor {
  /** By which methods it can be given. Empty: the account has none, and none is asked for. */
  methods(accountId: string): Promise<ProofMethod[]>;
  /**
   * Throws `auth.second_factor_invalid`, `auth.passkey_invalid`, `rate.limited`, and `request.invalid` unless exactly
   * one is given.
   */
  verify(accountId: string, addressHash: string, given: SecondFactorGiven): Promise<ProofMethod>;
  /** Forgets the recovery codes once there is nothing left that they stand in for. */
  tidy(accountId: string): Promise<void>;
}

export function createSecondFactor(deps: SecondFactorDeps): SecondFactor {
  const { app, passkeys, recovery, limits, audit, events } = deps;

  async function methods(accountId: string): Promise<ProofMethod[]> {
    const [totp, keys] = await Promise.all([app.find(accountId), passkeys.list(accountId)]);
    if (totp === undefined && keys.length === 0) return [];
    const left = await recovery.count(accountId);
    return [
      ...(totp === undefined ? [] : (["totp"] as const)),
      ...(keys.length === 0 ? [] : (["passkey"] as const)),
      ...(left === undefined ? [] : (["recovery_code"] as const)),
    ];
  }

  async function spendCode(accountId: string, code: string): Promise<boolean> {
    if (!(await recovery.use(accountId, code))) return false;
    const left = (await recovery.count(accountId))?.left ?? 0;
    await audit.record({
      actorId: accountId,
      action: "recovery_code.used",
      subject: { kind: "account", id: accountId },
      details: { left },
    });
    return true;
  }

  return {
    methods,

    async verify(accountId, addressHash, { totp, recoveryCode, passkey }) {
      if ([totp, recoveryCode, passkey].filter((each) => each !== undefined).length !== 1) {
        throw new AppError("request.invalid", "Give exactly one of totp, recoveryCode and passkey.");
      }
      if (passkey !== undefined) {
        // Nothing here can be guessed, so that nothing has to be slowed down.
        await passkeys.prove(passkey, accountId);
        return "passkey";
      }
      await limits.admit(`second factor ${accountId}`, `second factor ${addressHash}`);
      const isRight =
        totp !== undefined ? await app.use(accountId, totp) : await spendCode(accountId, recoveryCode ?? "");
      if (!isRight) {
        limits.failed(`second factor ${accountId}`);
        events.signInFailed(accountId, "second_factor");
        throw new AppError("auth.second_factor_invalid", "This code is not right, or was used already.");
      }
      limits.succeeded(`second factor ${accountId}`);
      return totp !== undefined ? "totp" : "recovery_code";
    },

    async tidy(accountId) {
      if ((await methods(accountId)).length === 0) await recovery.removeAll(accountId);
    },
  };
}
