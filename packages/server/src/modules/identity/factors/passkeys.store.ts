/** A passkey. Times are milliseconds since 1970. */
export interface PasskeyRecord {
  id: string;
  accountId: string;
  /** In base64url, as the authenticator named it. */
  credentialId: string;
  /** COSE key in base64url. */
  publicKey: string;
  counter: number;
  transports: string[];
  synced: boolean;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** Store of passkeys. Each operation is atomic by itself. */
export interface PasskeysStore {
  /** `known`: this credential is stored already; `too_many`: the account has `most`. */
  add(passkey: PasskeyRecord, most: number): Promise<"added" | "known" | "too_many">;
  /** By age. */
  list(accountId: string): Promise<PasskeyRecord[]>;
  byCredential(credentialId: string): Promise<PasskeyRecord | undefined>;
  /**
   * Writes down a use. False: the counter has not risen since, so that somebody else used a copy; 0 stays 0 for those
   * that do not count. Of two uses with one counter, one is taken.
   */
  used(id: string, counter: number, synced: boolean, now: number): Promise<boolean>;
  rename(accountId: string, id: string, name: string): Promise<PasskeyRecord | undefined>;
}
