import type { KeyUse } from "../../../platform/vault/sealed.shelf.ts";
import type { LinkKey } from "./links.store.ts";

/** Tokens as they are stored: sealed, both under one key-encryption key. */
export interface SealedTokens {
  access: string;
  refresh: string | null;
  keyId: string;
  expiresAt: number | null;
}

/** A credential as it was read. `version` fences every write that follows from it. */
export interface Credential extends LinkKey, SealedTokens {
  version: number;
  leaseUntil: number;
  /** Set: a refresh under this version was begun, and its end is not known. */
  spentAt: number | null;
  lostAt: number | null;
  refreshedAt: number;
}

/**
 * Store of credentials. Each operation is atomic by itself. Those that return a boolean change nothing when they
 * return false: somebody else changed the credential, or holds it.
 */
export interface CredentialsStore {
  find(key: LinkKey): Promise<Credential | undefined>;
  /** Stores the tokens of a new sign-in; the link becomes active. Whatever refresh is under way is cut off. False: no link. */
  put(key: LinkKey, tokens: SealedTokens, scopes: readonly string[] | undefined, now: number): Promise<boolean>;
  /** Takes the lease for spending the refresh token of `version`, if nobody holds it. */
  lease(key: LinkKey, version: number, lease: { id: string; until: number; now: number }): Promise<boolean>;
  /** Writes down that the refresh token is handed to the provider now, and renews the lease. False: it is not held any more. */
  spend(key: LinkKey, version: number, lease: { id: string; until: number; now: number }): Promise<boolean>;
  /** Replaces the tokens of `version` and ends the lease, in one write: the old are there until the new are. */
  replace(
    key: LinkKey,
    version: number,
    tokens: SealedTokens,
    scopes: readonly string[] | undefined,
    now: number,
  ): Promise<boolean>;
  /** Gives the lease back. `unspent`: the refresh token was certainly not used. */
  release(key: LinkKey, leaseId: string, outcome: { unspent: boolean }): Promise<void>;
  /** Removes the tokens and marks the link. `version`: only if the tokens are still these. */
  revoke(key: LinkKey, version: number | undefined, reason: string): Promise<boolean>;
  /** Marks that the key of the tokens is gone, or (null) that it is back. False: it was marked so already. */
  markLost(key: LinkKey, version: number, at: number | null): Promise<boolean>;
  /** Up to `limit` credentials under other keys than `keyId`, in the order of their keys, behind `after`. */
  underOtherKeys(keyId: string, after: LinkKey | undefined, limit: number): Promise<Credential[]>;
  /**
   * Puts the same tokens in again, sealed under another key. The version stays, so that a refresh that is under way
   * still ends well; false when one is, or when the tokens have changed.
   */
  rewrap(key: LinkKey, version: number, tokens: SealedTokens, now: number): Promise<boolean>;
  countByKey(): Promise<KeyUse[]>;
}
