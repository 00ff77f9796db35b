import type { SanctionRow } from "../chat.tables.ts";

/** Whom a sanction may meet: an account, its address, or both. */
export interface SanctionTarget {
  accountId: string | null;
  addressHash: string;
}

/** A ban as one thing: the row of the account, and whether addresses are banned with it. */
export interface BanRecord {
  row: SanctionRow;
  address: boolean;
}

/**
 * Mutes and bans. One sanction is one row for the account (`address_hash` null) and, for bans by address, one more for
 * each address, which carries the same account. They are in force until `until`, or until they are lifted. Rows are
 * never deleted while their room exists. Every method is one atomic step.
 */
export interface SanctionsStore {
  /**
   * Puts `rows` (all of one kind, room and account) in the place of what of that kind was in force there. Of two at
   * once both may stay in force: the stricter counts, and lifting lifts both.
   */
  impose(rows: readonly SanctionRow[]): Promise<void>;
  /**
   * What is in force for the target at `now`, in the given rooms (or in all) and on the whole server, in no particular
   * order. Rows for an address are found by the address alone, whichever account they carry.
   */
  inForce(target: SanctionTarget, rooms: readonly string[] | "all", now: number): Promise<SanctionRow[]>;
  /** Mutes in force in the room, of these accounts. */
  mutes(roomId: string, accountIds: readonly string[], now: number): Promise<SanctionRow[]>;
  /** Lifts what is in force of that kind. False: there was nothing. Idempotent. */
  lift(what: { kind: "mute" | "ban"; roomId: string | null; accountId: string }, at: number): Promise<boolean>;
  /** A ban in force by the id of its account row; `roomId` null: of the server. */
  ban(banId: string, roomId: string | null, now: number): Promise<SanctionRow | undefined>;
  /** Bans in force, newest first; `roomId` null: of the server. */
  bans(roomId: string | null, now: number): Promise<BanRecord[]>;
}
