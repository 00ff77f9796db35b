import { type Role, roles } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import {
  entitlements,
  mayCreate,
  outranks,
  type RoomTerms,
  rightsNow,
  type Standing,
  writeBlock,
} from "./chat.policy.ts";

const open: RoomTerms = { kind: "public", guests: "none", archived_at: null };
const toRead: RoomTerms = { ...open, guests: "read" };
const toWrite: RoomTerms = { ...open, guests: "write" };
const closed: RoomTerms = { kind: "private", guests: "none", archived_at: null };
const direct: RoomTerms = { kind: "direct", guests: "none", archived_at: null };

const everybody: (Role | null)[] = [...roles, null];

/** r: read, w: write, m: moderate, x: manage, @: mention the room. */
function may(room: RoomTerms, role: Role | null, roomRole: Standing["roomRole"] = null): string {
  const rights = entitlements(room, { role, roomRole });
  const letters = { read: "r", write: "w", moderate: "m", manage: "x", mentionRoom: "@" } as const;
  const held = (Object.keys(letters) as (keyof typeof letters)[]).filter((right) => rights[right]);
  return held.map((right) => letters[right]).join("");
}

describe("who may do what", () => {
  it.each<[string, RoomTerms, Standing["roomRole"], Record<Role | "nobody", string>]>([
    ["public", open, null, { owner: "rwmx@", admin: "rwmx@", moderator: "rwm@", member: "rw", guest: "", nobody: "" }],
    [
      "public",
      open,
      "member",
      { owner: "rwmx@", admin: "rwmx@", moderator: "rwm@", member: "rw", guest: "", nobody: "" },
    ],
    [
      "guests read",
      toRead,
      null,
      { owner: "rwmx@", admin: "rwmx@", moderator: "rwm@", member: "rw", guest: "r", nobody: "r" },
    ],
    [
      "guests write",
      toWrite,
      null,
      { owner: "rwmx@", admin: "rwmx@", moderator: "rwm@", member: "rw", guest: "rw", nobody: "rw" },
    ],
    ["private, outside", closed, null, { owner: "", admin: "", moderator: "", member: "", guest: "", nobody: "" }],
    [
      "private",
      closed,
      "member",
      { owner: "rwm@", admin: "rwm@", moderator: "rwm@", member: "rw", guest: "", nobody: "" },
    ],
    [
      "private, its owner",
      closed,
      "owner",
      { owner: "rwmx@", admin: "rwmx@", moderator: "rwmx@", member: "rwmx@", guest: "", nobody: "" },
    ],
    ["direct, outside", direct, null, { owner: "", admin: "", moderator: "", member: "", guest: "", nobody: "" }],
    ["direct", direct, "member", { owner: "rw", admin: "rw", moderator: "rw", member: "rw", guest: "", nobody: "" }],
  ])("%s, as %s", (_name, room, roomRole, expected) => {
    for (const role of everybody) expect(may(room, role, roomRole), role ?? "nobody").toBe(expected[role ?? "nobody"]);
  });

  it("makes public rooms from moderator on, others from member on", () => {
    const makers = (kind: RoomTerms["kind"]) => roles.filter((role) => mayCreate(kind, role));
    expect(makers("public")).toEqual(["owner", "admin", "moderator"]);
    expect(makers("private")).toEqual(["owner", "admin", "moderator", "member"]);
    expect(makers("direct")).toEqual(["owner", "admin", "moderator", "member"]);
  });

  it("ranks by the roles of the server, and in private rooms the owner above equals", () => {
    for (const [actorRank, actor] of everybody.entries()) {
      for (const [targetRank, target] of everybody.entries()) {
        const a: Standing = { role: actor, roomRole: "member" };
        const b: Standing = { role: target, roomRole: "member" };
        const higher = actorRank < targetRank;
        for (const room of [open, closed, direct, null]) expect(outranks(room, a, b)).toBe(higher);
        const asOwner: Standing = { ...a, roomRole: "owner" };
        expect(outranks(open, asOwner, b)).toBe(higher);
        expect(outranks(closed, asOwner, b)).toBe(actorRank <= targetRank);
        expect(outranks(closed, asOwner, { ...b, roomRole: "owner" })).toBe(higher);
        expect(outranks(closed, a, { ...b, roomRole: "owner" })).toBe(higher);
      }
    }
  });
});

describe("why somebody may not write", () => {
  const member: Standing = { role: "member", roomRole: "member" };

  it("tells the reason, the one that lasts longest first", () => {
    const archived = { ...open, archived_at: 1 };
    expect(writeBlock(archived, member, { until: null })?.code).toBe("room.archived");
    expect(writeBlock(toRead, { role: "guest", roomRole: null }, undefined)?.code).toBe("room.guests_not_allowed");
    expect(writeBlock(toRead, { role: null, roomRole: null }, undefined)?.code).toBe("auth.required");
    expect(writeBlock(open, member, { until: null })).toMatchObject({ code: "member.muted" });
    expect(writeBlock(open, member, { until: null })).not.toHaveProperty("until");
    expect(writeBlock(open, member, { until: 5 })).toMatchObject({ code: "member.timed_out", until: 5 });
    expect(writeBlock(open, member, undefined)).toBeNull();
  });

  it("takes writing away, and nothing else but calling the room", () => {
    const { rights, block } = rightsNow(open, { role: "moderator", roomRole: null }, { until: null });
    expect(block?.code).toBe("member.muted");
    expect(rights).toEqual({ read: true, write: false, moderate: true, manage: false, mentionRoom: false });
  });
});
