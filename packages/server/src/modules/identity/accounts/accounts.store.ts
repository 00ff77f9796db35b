import type { Role } from "@foyer/protocol";
import type { NewLink } from "../credentials/links.store.ts";

/** An account without its password. Times are milliseconds since 1970. */
export interface AccountRecord {
  id: string;
  handle: string;
  displayName: string;
  email: string | null;
  avatar: string | null;
  role: Role;
  createdAt: number;
  suspendedAt: number | null;
  /** When the account showed that the address is its own. */
  emailVerifiedAt?: number | null | undefined;
}

/** An account with its password hash; null for guests. */
export interface AccountSecret {
  account: AccountRecord;
  passwordHash: string | null;
}

export type Creation =
  | { account: AccountRecord }
  | { refused: "handle_taken" | "email_taken" | "closed" | "link_taken" };

/** Accounts. Handles and e-mail addresses are in lower case everywhere. */
export interface AccountsStore {
  /**
   * Adds an account. The first one that is not a guest gets the role `owner`, whatever it asks for: of several that
   * come at once, exactly one. With `onlyFirst` all others are refused as `closed`. With `link` the account has this
   * outside account from the start; one that belongs to somebody already refuses as `link_taken`. All or nothing.
   */
  create(
    account: AccountRecord,
    passwordHash: string | null,
    options: { onlyFirst: boolean; link?: NewLink | undefined },
  ): Promise<Creation>;
  /** True once there is an account that is not a guest. */
  isFounded(): Promise<boolean>;
  byIds(ids: readonly string[]): Promise<AccountRecord[]>;
  byHandles(handles: readonly string[]): Promise<AccountRecord[]>;
  /** By handle, or by e-mail address where there is an `@`. */
  secretByLogin(login: string): Promise<AccountSecret | undefined>;
  secretById(accountId: string): Promise<AccountSecret | undefined>;
  /** Handle or name beginning with `text` first, then those that contain it. No guests, nobody suspended. */
  search(text: string, limit: number): Promise<AccountRecord[]>;
  /** Newest first; `cursor` is the id of the last one of the page before. */
  page(query: { text: string; cursor: string | undefined; limit: number }): Promise<AccountRecord[]>;
  updateProfile(
    accountId: string,
    change: { displayName?: string | undefined; email?: string | null | undefined },
  ): Promise<"done" | "email_taken" | "unknown">;
  /** Notes that the account has shown that this address is its own. False: it has another one, or is gone. */
  setEmailVerified(accountId: string, email: string, at: number): Promise<boolean>;
  /** `ifHash`: only while this is still the stored hash; null: while there is none. Returns whether it was set. */
  setPassword(accountId: string, passwordHash: string, ifHash?: string | null): Promise<boolean>;
  /**
   * Changes the role while it still is `from`: `changed` when it is not. `last_owner` instead of leaving the server
   * without an owner who can sign in. Changes come one after the other.
   */
  setRole(accountId: string, from: Role, to: Role): Promise<"done" | "changed" | "last_owner">;
  /** Suspends (time) or lifts it (null), while the role still is `role`. Same promises as `setRole`. */
  setSuspended(accountId: string, role: Role, at: number | null): Promise<"done" | "changed" | "last_owner">;
}
