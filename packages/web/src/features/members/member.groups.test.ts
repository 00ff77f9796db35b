import type { Member } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { groupPeople, matches } from "./member.groups.ts";

const profile = (name: string) => ({ accountId: name, handle: name.toLowerCase(), displayName: name });
const member = (name: string, online: boolean | null = false): Member => ({
  ...profile(name),
  role: "member",
  roomRole: "member",
  joinedAt: "2026-11-20T00:00:00.000Z",
  online,
});
const names = (people: { profile: { displayName: string } }[]) => people.map((person) => person.profile.displayName);

describe("groupPeople", () => {
  it("trusts the live list over what members said when they were loaded", () => {
    const groups = groupPeople([member("Zoe", true), member("Ada", false), member("Max", false)], [profile("Max")]);
    expect(names(groups.online)).toEqual(["Max"]);
    expect(names(groups.offline)).toEqual(["Ada", "Zoe"]);
  });

  it("counts on the members themselves where there is no live list", () => {
    const groups = groupPeople([member("Zoe", true), member("Ada", null)], undefined);
    expect(names(groups.online)).toEqual(["Zoe"]);
    expect(names(groups.offline)).toEqual(["Ada"]);
  });

  it("shows those who look in without being members, once", () => {
    const groups = groupPeople([member("Ada")], [profile("Guest"), profile("Ada")]);
    expect(names(groups.online)).toEqual(["Ada", "Guest"]);
    expect(groups.online[1]?.member).toBeUndefined();
  });
});

describe("matches", () => {
  it("finds a part of the name or the handle, in capitals or not", () => {
    expect(matches({ accountId: "1", handle: "countess", displayName: "Ada Lovelace" }, "LOVE")).toBe(true);
    expect(matches({ accountId: "1", handle: "countess", displayName: "Ada Lovelace" }, "tess")).toBe(true);
    expect(matches({ accountId: "1", handle: "countess", displayName: "Ada Lovelace" }, "max")).toBe(false);
  });
});
