import type { GuestAccess } from "@foyer/protocol";
import type { MemberRow, RoomRow } from "../chat.tables.ts";

/** A room with the membership of whoever asks; `member` is null for somebody who is no member. */
export interface RoomAndMember {
  room: RoomRow;
  member: MemberRow | null;
}

/** Settings of a room; what is undefined stays as it is. */
export interface RoomChange {
  name?: string | undefined;
  topic?: string | undefined;
  slow_mode_seconds?: number | undefined;
  guests?: GuestAccess | undefined;
  archived_at?: number | null | undefined;
}

/** Where rooms are kept. Every method is one atomic step; reading methods see what was committed before the call. */
export interface RoomsStore {
  /**
   * Adds the room and its members together, read from the beginning of the stream. Where a room with the same id or
   * the same `direct_key` exists, nothing is written and that room is the answer, with `created` false: of several
   * that make the same room at once, one makes it and all get it.
   */
  create(
    room: RoomRow,
    members: readonly Pick<MemberRow, "account_id" | "room_role">[],
  ): Promise<{ room: RoomRow; created: boolean }>;
  /** Undefined for an unknown room. `accountId` null: nobody's membership is looked up. */
  find(roomId: string, accountId: string | null): Promise<RoomAndMember | undefined>;
  /** Every room that the account is a member of, in no particular order. */
  joined(accountId: string): Promise<{ room: RoomRow; member: MemberRow }[]>;
  /** At most `limit` public rooms by name, for guests only those that let them read. */
  public(options: { forGuests: boolean; limit: number }): Promise<RoomRow[]>;
  /** The rooms with these ids, in no particular order; unknown ids are absent. */
  byIds(roomIds: readonly string[]): Promise<RoomRow[]>;
  /** Changes the named settings and leaves the others alone, even while others change them. Undefined: no such room. */
  update(roomId: string, change: RoomChange): Promise<RoomRow | undefined>;
  /**
   * Deletes the room and everything in it but the reports about it, which are evidence. False: no such room. Whoever
   * writes to the room meanwhile either comes before (and is deleted, too) or finds no room.
   */
  remove(roomId: string): Promise<boolean>;
  /** Numbers of members; rooms without members are absent. */
  counts(roomIds: readonly string[]): Promise<Map<string, number>>;
  /** The most that guests may do in any public room that is not archived. */
  guestAccess(): Promise<GuestAccess>;
}
