import type { LiveRoom } from "@foyer/protocol";
import { expect, test } from "vitest";
import { changesOf, liveIn, minutesSince } from "./live.now.ts";

const live = (roomId: string, login: string, startedAt: string | null): LiveRoom => ({
  roomId,
  streamer: {
    streamerId: login,
    login,
    displayName: login.toUpperCase(),
    avatarUrl: null,
    addedBy: "name",
    hearing: "ok",
    live: startedAt === null ? null : { title: "t", game: "g", viewers: 1, startedAt, url: "https://www.twitch.tv/a" },
  },
});

const all = [
  live("general", "ada", "2026-11-21T10:00:00Z"),
  live("general", "bo", "2026-11-21T11:00:00Z"),
  live("general", "cy", null),
  live("other", "dee", "2026-11-21T12:00:00Z"),
];

test("a room shows those whom it announces and who are live, the newest first", () => {
  expect(liveIn("general", all).map(({ login }) => login)).toEqual(["bo", "ada"]);
  expect(liveIn("nowhere", all)).toEqual([]);
});

test("minutes are whole, and never less than none", () => {
  const start = Date.parse("2026-11-21T10:00:00Z");
  expect(minutesSince("2026-11-21T10:00:00Z", start + 119_999)).toBe(1);
  expect(minutesSince("2026-11-21T10:00:00Z", start - 60_000)).toBe(0);
});

test("what changed between two looks is who came and who went", () => {
  const before = liveIn("general", all);
  const after = liveIn("general", [...all.slice(1), live("general", "cy", "2026-11-21T12:30:00Z")]);
  expect(changesOf(before, after)).toEqual({ began: ["CY"], ended: ["ADA"] });
  expect(changesOf(before, before)).toEqual({ began: [], ended: [] });
});
