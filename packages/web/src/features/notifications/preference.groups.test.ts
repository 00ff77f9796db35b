import type { Preference, Preferences } from "@foyer/protocol";
import { expect, test } from "vitest";
import { groupsOf, undoing, withChange } from "./preference.groups.ts";

const preference = (guildId: string, name: string, discord: boolean | null, push = false): Preference => ({
  guildId,
  guildName: guildId === "here" ? "Foyer" : `Server ${guildId}`,
  streamer: {
    streamerId: name.toLowerCase(),
    login: `${name.toLowerCase()}_live`,
    displayName: name,
    avatarUrl: null,
    addedBy: "name",
    live: null,
    hearing: "ok",
  },
  discord,
  push,
});

const all: Preferences = {
  items: [preference("here", "Ada", null, true), preference("1", "Ada", true), preference("1", "Bo", false)],
  quietHours: null,
  discordLinked: true,
};

test("preferences stand by server, in the order in which they came", () => {
  const groups = groupsOf(all.items);
  expect(groups.map(({ guildId, items }) => [guildId, items.map((item) => item.streamer.displayName)])).toEqual([
    ["here", ["Ada"]],
    ["1", ["Ada", "Bo"]],
  ]);
});

test("a search finds names, logins and servers in whatever case, and leaves out servers without a hit", () => {
  const found = (query: string) => groupsOf(all.items, query).flatMap(({ items }) => items);
  expect(found(" BO ")).toEqual([all.items[2]]);
  expect(found("ada_l")).toEqual([all.items[0], all.items[1]]);
  expect(found("server 1")).toEqual([all.items[1], all.items[2]]);
  expect(groupsOf(all.items, "nobody")).toEqual([]);
});

test("a change touches one streamer in one server, and can be undone in exactly its parts", () => {
  const change = { guildId: "1", streamerId: "ada", discord: false };
  const changed = withChange(all, change);
  expect(changed.items.map(({ discord }) => discord)).toEqual([null, false, false]);
  const back = undoing(all, change);
  expect(back).toEqual({ guildId: "1", streamerId: "ada", discord: true });
  // What came in between at another part stays.
  const between = withChange(changed, { guildId: "1", streamerId: "ada", push: true });
  expect(back && withChange(between, back).items[1]).toMatchObject({ discord: true, push: true });
  expect(undoing(all, { guildId: "2", streamerId: "ada", push: true })).toBeUndefined();
});
