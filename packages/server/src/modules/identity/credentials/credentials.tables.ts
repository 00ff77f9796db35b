/** Tables of identity links and of what they entrust. Times are milliseconds since 1970. */
export interface CredentialTables {
  /** An account at an outside provider that belongs to an account here: at most one for each provider. */
  identity_links: {
    account_id: string;
    /** `twitch`, `discord`, `cognito`, `oidc`. */
    provider: string;
    /** The provider's own id of the person; unique for each provider. */
    subject: string;
    /** What the provider calls the person. */
    name: string;
    permission_level: string | null;
    /** What the provider granted, sorted, with spaces between. */
    scopes: string;
    status: LinkStatus;
    /** Why it is revoked. */
    reason: string | null;
    linked_at: number;
    /** When the provider was last asked whether the grant still stands, or the turn for it was taken. */
    checked_at: number;
  };
  credentials: {
    account_id: string;
    provider: string;
    /** Sealed by the vault for this account, provider and column. */
    access_sealed: string;
    refresh_sealed: string | null;
    expires_at: number | null;
    /** The key-encryption key of both. */
    key_id: string;
    /** Rises with each change of the tokens themselves: the fence of every write that follows a read. */
    version: number;
    /** Whoever holds the lease may spend the refresh token. */
    lease_id: string | null;
    lease_until: number;
    /** The refresh token of this version was, or was about to be, handed to the provider. */
    spent_at: number | null;
    /** Could not be opened since then, because its key is gone. */
    lost_at: number | null;
    refreshed_at: number;
    created_at: number;
  };
}

export type LinkStatus = "active" | "revoked";
