import type { RoomView } from "@foyer/protocol";
import { expect, it } from "vitest";
import { inOrder, sectionsOf } from "./room.order.ts";
import { roomTitle } from "./room.title.ts";

const room = (roomId: string, more: Partial<RoomView>): RoomView => ({
  roomId,
  kind: "public",
  name: roomId,
  topic: "",
  slowModeSeconds: 0,
  guests: "none",
  createdAt: "2026-11-01T00:00:00Z",
  memberCount: 2,
  people: [],
  epoch: "e",
  offset: 0,
  joined: true,
  readOffset: 0,
  unread: 0,
  mentions: 0,
  rights: { write: true, moderate: false, manage: false, mentionRoom: false },
  ...more,
});

it("lists general first, rooms by name, conversations by their newest message, and rooms to join last", () => {
  const rooms = [
    room("z", { name: "Room 10" }),
    room("y", { name: "room 2" }),
    room("d1", { kind: "direct", lastMessageAt: "2026-11-02T00:00:00Z" }),
    room("d2", { kind: "direct", lastMessageAt: "2026-11-03T00:00:00Z" }),
    room("j", { joined: false }),
    room("old", { joined: false, archivedAt: "2026-11-02T00:00:00Z" }),
    room("general", { name: "Zimmer" }),
  ];
  expect(inOrder(sectionsOf(rooms)).map((item) => item.roomId)).toEqual(["general", "y", "z", "d2", "d1", "j"]);
});

it("calls a conversation by the others in it", () => {
  const people = [
    { accountId: "1", handle: "mara", displayName: "Mara" },
    { accountId: "2", handle: "jonas", displayName: "Jonas" },
    { accountId: "3", handle: "ines", displayName: "Inês" },
  ];
  expect(roomTitle({ kind: "direct", name: "", people }, "1")).toBe("Jonas, Inês");
});
