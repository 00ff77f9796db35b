import type { Binding, VaultFailure } from "./vault.ts";

/** How many records hang on a key, and how many of them could not be opened. */
export interface KeyUse {
  keyId: string;
  total: number;
  lost: number;
}

/** One record of a shelf, as it was read. */
export interface SealedRecord {
  /** Its place in the order of the shelf. */
  cursor: string;
  keyId: string;
  /** What is sealed in it, all under the one key. */
  secrets: readonly { binding: Binding; sealed: string }[];
  /**
   * Puts the same secrets in again, sealed under another key, in the order of `secrets`. False, and nothing is changed,
   * when the record has changed since it was read or somebody is at work on it.
   */
  replace(sealed: readonly string[], keyId: string): Promise<boolean>;
  /** Writes down that the record cannot be opened. */
  lose(failure: VaultFailure): Promise<void>;
}

/** A place where sealed secrets lie: whoever seals with the vault has one, so that keys can be changed. */
export interface SealedShelf {
  countByKey(): Promise<KeyUse[]>;
  /** Up to `limit` records under other keys than `keyId`, in the order of their cursors, behind `after`. */
  underOtherKeys(keyId: string, after: string | undefined, limit: number): Promise<SealedRecord[]>;
}
