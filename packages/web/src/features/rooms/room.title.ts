import type { Profile, Room } from "@foyer/protocol";
import { roomsTexts } from "./rooms.texts.ts";

/** The people of a direct room without oneself. */
export function othersIn(room: Pick<Room, "people">, accountId: string | undefined): Profile[] {
  return room.people.filter((person) => person.accountId !== accountId);
}

/** What to call a room: its name, or for a direct one the people in it besides oneself. */
export function roomTitle(room: Pick<Room, "kind" | "name" | "people">, accountId: string | undefined): string {
  if (room.kind !== "direct") return room.name;
  const others = othersIn(room, accountId);
  return others.length === 0 ? roomsTexts.emptyDirect : others.map((person) => person.displayName).join(", ");
}
