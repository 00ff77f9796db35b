import type { RoomView } from "@foyer/protocol";

/** Rooms by section, in the order in which they are listed. */
export interface RoomSections {
  rooms: RoomView[];
  direct: RoomView[];
  joinable: RoomView[];
}

/**
 * Sorts rooms into sections: `general` first and the rest by name, conversations by their newest message. Positions of
 * named rooms never change with activity, so that a finger finds them again.
 */
export function sectionsOf(rooms: readonly RoomView[]): RoomSections {
  const open = rooms.filter((room) => room.archivedAt === undefined || room.joined);
  return {
    rooms: open.filter((room) => room.joined && room.kind !== "direct").sort(byName),
    direct: open.filter((room) => room.kind === "direct").sort(byRecency),
    joinable: open.filter((room) => !room.joined && room.kind !== "direct").sort(byName),
  };
}

/** All rooms from top to bottom, as the keyboard walks them. */
export function inOrder(sections: RoomSections): RoomView[] {
  return [...sections.rooms, ...sections.direct, ...sections.joinable];
}

const recency = (room: RoomView): string => room.lastMessageAt ?? room.createdAt;

/** Newest activity first. */
export function byRecency(a: RoomView, b: RoomView): number {
  return recency(b).localeCompare(recency(a));
}

function byName(a: RoomView, b: RoomView): number {
  if (a.roomId === "general" || b.roomId === "general") return a.roomId === "general" ? -1 : 1;
  return a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" });
}
