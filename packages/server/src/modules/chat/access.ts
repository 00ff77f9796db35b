import type { Role, RoomRights } from "@foyer/protocol";
import type { Caller } from "../../platform/caller/caller.ts";
import type { WriteBlock } from "./chat.ports.ts";
import type { RoomRow } from "./chat.tables.ts";

/**
 * What a caller is and may do in one room. `rights.write` says whether he may write at all right now: it is false
 * whenever `writeBlock` is set. `room` is as it was when the context was loaded: its settings are kept right by
 * invalidation, its `head_offset` and `last_message_at` are not and must never be taken from here.
 */
export interface RoomContext {
  room: RoomRow;
  /** Null for somebody who is no member: in a public room he may still read, and writing joins him. */
  member: { roomRole: "owner" | "member"; joinedAt: number } | null;
  /** Null for an anonymous caller. */
  role: Role | null;
  rights: RoomRights & { read: boolean };
  writeBlock: WriteBlock | null;
}

/** What changed: everything of a room, of an account, of an account in a room, or (both missing) everything. */
export interface AccessChange {
  roomId?: string;
  accountId?: string;
}

/** Who may do what in which room. The one place that every face and use case asks. */
export interface Access {
  /** The context if it is known and still right, without waiting. Undefined: call `load`. */
  cached(caller: Caller, roomId: string): RoomContext | undefined;
  /**
   * Throws `room.not_found` where the caller may not even know of the room (the same answer as for an id that does
   * not exist), `member.banned` for a ban of the room or server on the account or address, and for a public room that
   * does not let guests in `auth.required` to anonymous callers and `room.guests_not_allowed` to guests.
   */
  load(caller: Caller, roomId: string): Promise<RoomContext>;
  /** Throws `member.banned` for somebody who is banned from the whole server. */
  admit(caller: Caller): Promise<void>;
  /** Forgets what changed, here at once and on the other nodes by the bus. Call it after the commit. */
  changed(change: AccessChange): void;
}

/** Bus topic of `AccessChange` as JSON. */
export const accessChangedTopic = "chat.access_changed";
