/** One sign-in. Times are milliseconds since 1970. */
export interface SessionRecord {
  /** The `jti` of its token. */
  id: string;
  accountId: string;
  device: string;
  createdAt: number;
  lastUsedAt: number;
  expiresAt: number;
  revokedAt: number | null;
  /** The network that it was last used from, made coarse. */
  place?: string | null | undefined;
  /** Until when using it can make it last longer. Null: it ends when it ends. */
  endsAt?: number | null | undefined;
  /** When the person last showed who they are in it. */
  provenAt?: number | null | undefined;
}

/** Sessions, and the addresses from which accounts were used. */
export interface SessionsStore {
  /** One that has this id already stays as it is. */
  add(session: SessionRecord): Promise<void>;
  byIds(ids: readonly string[]): Promise<SessionRecord[]>;
  /** Neither over nor revoked; used last first. */
  active(accountId: string, now: number): Promise<SessionRecord[]>;
  /** Ends one session of the account. False when there is none that could be ended. Safe to repeat. */
  revoke(accountId: string, sessionId: string, at: number): Promise<boolean>;
  /** Ends all sessions of the account but `except`. Returns the ids of those that it ended. */
  revokeAll(accountId: string, at: number, except?: string): Promise<string[]>;
  /** Notes that a session was used, and where. An earlier time never replaces a later one. */
  touch(sessionId: string, at: number, place?: string): Promise<void>;
  /** Makes a session that is neither over nor revoked last until `expiresAt`; never shorter than before. */
  extend(sessionId: string, expiresAt: number, now: number): Promise<void>;
  /**
   * Puts a new session in place of one that is neither over nor revoked. All or nothing: false when the old one has
   * ended meanwhile, so that nothing brings it back.
   */
  exchange(sessionId: string, fresh: SessionRecord): Promise<boolean>;
  /** Takes the proof away from all sessions of an account. */
  forgetProofs(accountId: string): Promise<void>;
  /**
   * Where the account was signed in before, other than by `sessionId`: `new` when none of those sessions used since
   * `since` had this device and place, `first` when there is none at all.
   */
  familiarity(
    session: Pick<SessionRecord, "id" | "accountId" | "device" | "place">,
    since: number,
  ): Promise<"known" | "new" | "first">;
  /** Notes that an account was used from an address. */
  seen(accountId: string, addressHash: string, at: number): Promise<void>;
  /** Addresses seen since `since`, latest first; 100 at most. */
  addresses(accountId: string, since: number): Promise<string[]>;
  /** Deletes sessions that were over before `before`, and addresses and places not seen since. */
  sweep(before: number): Promise<void>;
}
