import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { RateLimiter } from "../../../platform/limits/rate.limiter.ts";
import type { SecurityMonitor } from "../../../platform/security/security.monitor.ts";
import { VaultError } from "../../../platform/vault/vault.ts";
import type { AccountsStore } from "../accounts/accounts.store.ts";
import type { StepUp } from "../factors/step.up.ts";
import { requirePassphrase } from "./passphrase.rules.ts";
import type { ExportFile, VaultExport } from "./vault.export.ts";

export interface OwnerExportDeps {
  vaultExport: VaultExport;
  accounts: Pick<AccountsStore, "byIds">;
  stepUp: Pick<StepUp, "require">;
  limiter: RateLimiter;
  security: SecurityMonitor;
}

/** The export of the vault over the network: for an owner who has shown just now who they are. */
export interface OwnerExport {
  /**
   * Throws `auth.step_up_required`, `auth.forbidden`, `account.password_common`, `rate.limited`, `vault.unavailable`.
   */
  begin(caller: AccountCaller, passphrase: string): Promise<ExportFile>;
}

/** Each of them takes all secrets out and half a second of a core. */
const bucket = { capacity: 3, perSecond: 3 / 3600 };
const againSeconds = 30;

export function createOwnerExport(deps: OwnerExportDeps): OwnerExport {
  return {
    async begin(caller, passphrase) {
      await deps.stepUp.require(caller);
      // As the database knows it now: what the caller brought may be a little old.
      const [account] = await deps.accounts.byIds([caller.accountId]);
      if (account?.role !== "owner" || account.suspendedAt !== null) {
        throw new AppError("auth.forbidden", "Only an owner of the server takes the vault along.");
      }
      await requirePassphrase(passphrase, account);
      const permit = await deps.limiter.take(`vault-exports:${caller.accountId}`, bucket);
      if (!permit.ok) {
        throw new AppError("rate.limited", "Too many exports of the vault.", { retryAfter: permit.retryAfter });
      }
      try {
        const file = await deps.vaultExport.begin(caller, passphrase);
        deps.security.record("vault.exported", { accountId: caller.accountId });
        return file;
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        throw new AppError(
          "vault.unavailable",
          "A key of stored credentials cannot be used at the moment. Nothing was exported; please try again soon.",
          { retryAfter: againSeconds },
        );
      }
    },
  };
}
