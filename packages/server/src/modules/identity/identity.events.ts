/**
 * Topics of the bus that identity publishes. Payloads are JSON: `{sessionId, accountId, replaced?}`, `{accountId}`,
 * `{accountId, role}`, and `{hash}`.
 */
export const topics = {
  /** A session or a token for programs has ended. `replaced`: its holder has a new one, and may come back with it. */
  sessionRevoked: "identity.session_revoked",
  /** For the caches of identity itself: the hash of a token for programs that has ended. */
  tokenRevoked: "identity.token_revoked",
  /** Profile, role or suspension changed. */
  accountChanged: "identity.account_changed",
  accountCreated: "identity.account_created",
} as const;
