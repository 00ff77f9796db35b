import type { Role } from "@foyer/protocol";

/** Tables of identity. Times are milliseconds since 1970. */
export interface IdentityTables {
  accounts: {
    id: string;
    /** In lower case; unique. */
    handle: string;
    display_name: string;
    /** The name in lower case: SQLite alone knows the case of ASCII only. */
    search_name: string;
    /** In lower case; unique where given. */
    email: string | null;
    avatar: string | null;
    role: Role;
    /** PHC string of argon2id; null for guests, who cannot sign in again. */
    password_hash: string | null;
    created_at: number;
    suspended_at: number | null;
    /** When the account showed that the address is its own; null again with another address. */
    email_verified_at: number | null;
  };
  /**
   * One row, made together with the first account: who makes it is the owner. Changes of roles also write to it first,
   * so that it is the lock behind "there is always an owner" on every engine.
   */
  founding: { id: number; account_id: string; revision: number };
  sessions: {
    /** The `jti` of the token. */
    id: string;
    account_id: string;
    device: string;
    created_at: number;
    last_used_at: number;
    expires_at: number;
    revoked_at: number | null;
    /** The network that it was last used from, made coarse. Forgotten after 30 days. */
    place: string | null;
    /** Until when using it can make it last longer. Null: it ends when it ends. */
    ends_at: number | null;
    /** When the person last showed who they are in it. */
    proven_at: number | null;
  };
  tickets: {
    /** SHA-256 of the ticket in hex. */
    hash: string;
    account_id: string;
    /** `token:` before the id of a token for programs. */
    session_id: string;
    expires_at: number;
  };
  /** Handles of accounts that were deleted, which nobody may have for a while. */
  kept_handles: { handle: string; until: number };
  /** What is still to be erased of accounts that are gone: an entry stays until all of it is done. */
  erasures: { account_id: string; messages: "keep" | "erase"; requested_at: number };
  account_addresses: { account_id: string; address_hash: string; last_seen_at: number };
}
