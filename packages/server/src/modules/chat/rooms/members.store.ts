import type { MemberRow } from "../chat.tables.ts";

/** Who is in which room. Every method is one atomic step. */
export interface MembersStore {
  /**
   * Makes the account a member who has read everything so far. Idempotent: false when it was one already, or when
   * there is no such room (also when the room is deleted at the same moment: no member without a room is left).
   */
  add(roomId: string, accountId: string, joinedAt: number): Promise<boolean>;
  /**
   * Takes the account out. Whoever has been a member of a private room for longest becomes its owner when its last
   * owner goes; the last member of a private room is not taken out (`last`), since nobody could enter it again.
   */
  remove(roomId: string, accountId: string): Promise<"removed" | "absent" | "last">;
  /** Undefined when the account is no member. */
  find(roomId: string, accountId: string): Promise<MemberRow | undefined>;
  /** All members of a room, in no particular order. */
  list(roomId: string): Promise<MemberRow[]>;
  /** Account ids of the members of several rooms, each room's by joining time and id. Meant for small rooms. */
  people(roomIds: readonly string[]): Promise<Map<string, string[]>>;
}
