import type { Account, Role, RoomKind } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { memberRights } from "./member.rights.ts";

const profile = (accountId: string) => ({ accountId, handle: accountId, displayName: accountId });
const self = (role: Role): Account => ({ ...profile("me"), role, createdAt: "2026-11-20T00:00:00.000Z" });
const room = (kind: RoomKind, moderate: boolean, manage = false) => ({
  kind,
  rights: { write: true, moderate, manage, mentionRoom: moderate },
});
const member = (role: Role) => ({ role, roomRole: "member" as const });

describe("memberRights", () => {
  it("lets nobody act on himself, an equal or somebody higher", () => {
    const nothing = { sanction: false, remove: false, banFromServer: false, changeRole: false };
    expect(memberRights(self("owner"), room("public", true, true), profile("me"), member("owner"))).toEqual(nothing);
    expect(memberRights(self("moderator"), room("public", true), profile("a"), member("moderator"))).toEqual(nothing);
    expect(memberRights(self("moderator"), room("public", true), profile("a"), member("admin"))).toEqual(nothing);
    expect(memberRights(null, room("public", false), profile("a"), member("member"))).toEqual(nothing);
  });

  it("gives roles to admins alone", () => {
    expect(memberRights(self("moderator"), room("public", true), profile("a"), member("member"))).toEqual({
      sanction: true,
      remove: true,
      banFromServer: true,
      changeRole: false,
    });
    expect(memberRights(self("admin"), room("public", true), profile("a"), member("member")).changeRole).toBe(true);
  });

  it("lets the owner of a private room act on equals, in that room only", () => {
    const rights = memberRights(self("member"), room("private", true, true), profile("a"), member("member"));
    expect(rights).toEqual({ sanction: true, remove: true, banFromServer: false, changeRole: false });
  });

  it("lets nobody moderate a direct room", () => {
    expect(memberRights(self("owner"), room("direct", false), profile("a"), member("member")).sanction).toBe(false);
  });
});
