import type { Role } from "@foyer/protocol";
import type { RoomContext } from "../access.ts";
import { type Mute, rightsNow } from "../chat.policy.ts";
import type { MemberRow, RoomRow, SanctionRow } from "../chat.tables.ts";

/** Puts a context together. `sanctions`: those in force for the caller here; bans among them are not looked at. */
export function contextOf(from: {
  room: RoomRow;
  member: MemberRow | null;
  role: Role | null;
  sanctions: readonly SanctionRow[];
}): RoomContext {
  const { room, member, role, sanctions } = from;
  const { rights, block } = rightsNow(room, { role, roomRole: member?.room_role ?? null }, muteOf(sanctions));
  return {
    room,
    member: member === null ? null : { roomRole: member.room_role, joinedAt: member.joined_at },
    role,
    rights,
    writeBlock: block,
  };
}

/** The mute that counts of those in force: without end before any other, else the one that lasts longest. */
export function muteOf(rows: readonly SanctionRow[]): Mute | undefined {
  const mutes = rows.filter((row) => row.kind === "mute");
  if (mutes.length === 0) return undefined;
  if (mutes.some((row) => row.until === null)) return { until: null };
  return { until: Math.max(...mutes.map((row) => row.until ?? 0)) };
}
