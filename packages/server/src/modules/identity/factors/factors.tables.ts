/** Tables of second factors. Times are milliseconds since 1970. */
export interface FactorTables {
  /** The authenticator app of an account. Without `confirmed_at` it was begun and does not count yet. */
  totp: {
    account_id: string;
    /** The shared secret, sealed by the vault. */
    sealed: string;
    /** The key-encryption key that it hangs on. */
    key_id: string;
    created_at: number;
    confirmed_at: number | null;
    /** The latest time step whose code was used: a code works once, and none that is older. */
    last_step: number;
    last_used_at: number | null;
    /** Wrong codes since the last right one. */
    failures: number;
    /** No code is looked at before this time. */
    locked_until: number;
  };
  /** Recovery codes that were not used yet. */
  recovery_codes: { account_id: string; hash: string; created_at: number };
  passkeys: {
    id: string;
    account_id: string;
    /** As the authenticator named it, in base64url; unique. */
    credential_id: string;
    /** COSE key in base64url. */
    public_key: string;
    /** Signatures that the authenticator says it has made; 0 for those that do not count. */
    counter: number;
    /** JSON array. */
    transports: string;
    synced: number;
    name: string;
    created_at: number;
    last_used_at: number | null;
  };
  /** Things that are good once: challenges, pending sign-ins, what e-mails bring. */
  once: {
    /** SHA-256 in hex of what was given out. */
    hash: string;
    kind: OnceKind;
    account_id: string | null;
    data: string | null;
    expires_at: number;
  };
  program_tokens: {
    id: string;
    account_id: string;
    name: string;
    /** SHA-256 of the token in hex; unique. */
    hash: string;
    /** The end of the token, by which people recognise it. */
    hint: string;
    /** Sorted, with spaces between. */
    scopes: string;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
}

/** What a single-use thing is for. One is never taken for another. */
export type OnceKind = "passkey_add" | "passkey_use" | "pending_sign_in" | "email_verification" | "password_reset";
