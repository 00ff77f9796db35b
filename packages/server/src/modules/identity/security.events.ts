import type { Role } from "@foyer/protocol";
import { Counter, type Registry } from "prom-client";
import type { SecurityMonitor } from "../../platform/security/security.monitor.ts";

/** `flow`: nobody here began what an outside provider was said to answer. `provider`: the provider's answer is not good. */
export type SignInFailure =
  | "credentials"
  | "suspended"
  | "flow"
  | "provider"
  | "bearer"
  | "second_factor"
  | "passkey"
  | "passkey_copied"
  | "step_up";

/** What an operator wants to see of sign-ins: a security event and a count each. Never a handle, an address or a secret. */
export interface SecurityEvents {
  signedIn(accountId: string): void;
  /** `accountId` only where the account exists: the log is not told what was tried. */
  signInFailed(accountId: string | undefined, reason: SignInFailure): void;
  /** The limiter records the event itself; here it is counted as a sign-in. */
  signInLimited(by: "account" | "address"): void;
  accountCreated(accountId: string, role: Role): void;
  passwordChanged(accountId: string, how: "changed" | "reset"): void;
}

export function createSecurityEvents(deps: { security: SecurityMonitor; metrics: Registry }): SecurityEvents {
  const { security, metrics } = deps;
  const signIns = new Counter({
    name: "foyer_sign_ins_total",
    help: "Sign-ins by result",
    labelNames: ["result"],
    registers: [metrics],
  });
  const accounts = new Counter({
    name: "foyer_accounts_created_total",
    help: "Accounts created, guests among them",
    labelNames: ["kind"],
    registers: [metrics],
  });
  for (const result of ["success", "failure", "limited"]) signIns.inc({ result }, 0);
  return {
    signedIn(accountId) {
      signIns.inc({ result: "success" });
      security.record("sign_in.success", { accountId });
    },
    signInFailed(accountId, reason) {
      signIns.inc({ result: "failure" });
      security.record("sign_in.failure", { accountId, reason });
    },
    signInLimited: () => signIns.inc({ result: "limited" }),
    accountCreated(accountId, role) {
      accounts.inc({ kind: role === "guest" ? "guest" : "member" });
      security.record("account.created", { accountId, type: role });
    },
    passwordChanged: (accountId, reason) => security.record("password.changed", { accountId, reason }),
  };
}
