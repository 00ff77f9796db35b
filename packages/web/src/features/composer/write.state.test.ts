import type { RoomView } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { waitText } from "./wait.text.ts";
import { writeState } from "./write.state.ts";

const now = Date.parse("2026-11-20T20:00:00Z");
const view = (more: Partial<RoomView>): RoomView => ({
  roomId: "general",
  kind: "public",
  name: "General",
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
  rights: { write: false, moderate: false, manage: false, mentionRoom: false },
  ...more,
});
const may = { write: true, moderate: false, manage: false, mentionRoom: false };

describe("whether one may write", () => {
  it("follows the rights", () => {
    expect(writeState(view({ rights: may }), false, now)).toEqual({ may: true });
    expect(writeState(view({}), false, now)).toEqual({ may: false, why: "none" });
    expect(writeState(view({}), true, now)).toEqual({ may: false, why: "guest" });
  });

  it("names what stands in the way", () => {
    expect(writeState(view({ archivedAt: "2026-11-10T00:00:00Z" }), false, now)).toEqual({
      may: false,
      why: "archived",
    });
    expect(writeState(view({ mutedUntil: null }), false, now)).toEqual({ may: false, why: "muted" });
    expect(writeState(view({ mutedUntil: "2026-11-20T20:01:30Z" }), false, now)).toEqual({
      may: false,
      why: "timedOut",
      seconds: 90,
    });
  });

  it("lets a lapsed time out pass, for the server to decide", () => {
    expect(writeState(view({ mutedUntil: "2026-11-20T19:59:59Z" }), false, now)).toEqual({ may: true });
  });
});

it("says how long to wait in the largest unit that is still honest", () => {
  expect([0.2, 90, 121, 7_200, 7_201].map(waitText)).toEqual(["1 s", "90 s", "3 min", "120 min", "3 h"]);
});
