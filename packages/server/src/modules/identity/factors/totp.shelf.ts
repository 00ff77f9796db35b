import type { SealedShelf } from "../../../platform/vault/sealed.shelf.ts";
import { totpBinding } from "./authenticator.app.ts";
import type { TotpStore } from "./totp.store.ts";

/** The secrets of authenticator apps, for changing the keys below them. */
export function createTotpShelf(store: TotpStore): SealedShelf {
  return {
    countByKey: () => store.countByKey(),
    async underOtherKeys(keyId, after, limit) {
      const records = await store.underOtherKeys(keyId, after ?? "", limit);
      return records.map(({ accountId, sealed, keyId: under }) => ({
        cursor: accountId,
        keyId: under,
        secrets: [{ binding: totpBinding(accountId), sealed }],
        replace: ([fresh = ""], to) => store.reseal(accountId, sealed, { sealed: fresh, keyId: to }),
        // Nothing to mark: recovery codes and passkeys go on working, and codes say that the vault is not available.
        lose: async () => {},
      }));
    },
  };
}
