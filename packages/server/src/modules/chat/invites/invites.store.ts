import type { Selectable } from "kysely";
import type { ChatTables } from "../chat.tables.ts";

export type InviteRow = Selectable<ChatTables["invites"]>;

/**
 * Invite links, known by the hash of their token. An invite works while it is not revoked, not expired at `now`, and
 * used less often than `max_uses` (0: any number of times). Every method is one atomic step.
 */
export interface InvitesStore {
  /** False when the room is gone. */
  add(invite: InviteRow): Promise<boolean>;
  /** Invites of the room that work, newest first. */
  working(roomId: string, now: number): Promise<InviteRow[]>;
  /** The invite with this token if it is there, whether it works or not. */
  byToken(tokenHash: string): Promise<InviteRow | undefined>;
  /** False when the room has no such invite that is not revoked yet. */
  revoke(roomId: string, inviteId: string, at: number): Promise<boolean>;
  /**
   * Makes the account a member and counts the use, both or neither. `joined`: done. `member`: the account was one
   * already, nothing is counted, also when the same account accepts twice at once. `refused`: the invite does not work
   * (any more); of many that accept at once never more than `max_uses` are let in.
   */
  accept(tokenHash: string, accountId: string, now: number): Promise<"joined" | "member" | "refused">;
}
