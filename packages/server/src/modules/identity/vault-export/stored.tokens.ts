import { type Vault, VaultError } from "../../../platform/vault/vault.ts";
import type { LinkKey } from "../credentials/links.store.ts";
import { tokenBinding } from "../credentials/sealed.tokens.ts";
import type { StoredTokens } from "./entrusted.store.ts";

/** Tokens in the clear. They live as long as the record that is worked on. */
export interface ClearTokens {
  accessToken: string;
  refreshToken: string | null;
}

/** Why tokens stay closed for good, unless somebody brings their key back. */
export type Unopened = "key_lost" | "not_authentic";

/**
 * Opens both tokens of a link, or says why they cannot be opened; nobody is asked to sign in again for that. Throws
 * VaultError when their key cannot be used now: trying later can help.
 */
export async function openStored(
  vault: Pick<Vault, "open">,
  key: LinkKey,
  stored: StoredTokens,
): Promise<ClearTokens | Unopened> {
  try {
    const accessToken = await vault.open(tokenBinding(key, "access"), stored.access);
    if (stored.refresh === null) return { accessToken, refreshToken: null };
    return { accessToken, refreshToken: await vault.open(tokenBinding(key, "refresh"), stored.refresh) };
  } catch (error) {
    if (!(error instanceof VaultError) || error.failure === "key_unavailable") throw error;
    return error.failure;
  }
}
