import type { IdentityLink } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { addedScopes, isShort, stepTo } from "./permission.levels.ts";

const levels = { viewer: ["email"], chatbot: ["email", "read", "write"], moderator: ["email", "read", "write", "ban"] };
const link: IdentityLink = {
  provider: "twitch",
  providerName: "Twitch",
  name: "Ada",
  status: "active",
  permissionLevel: "chatbot",
  effectivePermissionLevel: "chatbot",
  scopes: ["email", "read", "write"],
  linkedAt: "2026-11-20T00:00:00.000Z",
};

describe("permission levels", () => {
  it("tells what a level adds", () => {
    expect(addedScopes(levels, "viewer")).toEqual(["email"]);
    expect(addedScopes(levels, "chatbot")).toEqual(["read", "write"]);
    expect(addedScopes(levels, "moderator")).toEqual(["ban"]);
    expect(addedScopes(levels, "admin")).toEqual([]);
  });

  it("lowers at once, and asks the provider for what it has not granted", () => {
    expect(stepTo(link, "viewer", levels)).toBe("at_once");
    expect(stepTo(link, "chatbot", levels)).toBe("none");
    expect(stepTo(link, "moderator", levels)).toBe("ask");
  });

  it("raises at once where the provider has granted it before", () => {
    expect(stepTo({ ...link, permissionLevel: "viewer" }, "chatbot", levels)).toBe("at_once");
  });

  it("asks for everything once a grant is gone", () => {
    expect(stepTo({ ...link, status: "revoked" }, "viewer", levels)).toBe("ask");
  });

  it("sees when less was granted than chosen", () => {
    expect(isShort(link)).toBe(false);
    expect(isShort({ ...link, effectivePermissionLevel: "viewer" })).toBe(true);
    expect(isShort({ ...link, effectivePermissionLevel: null })).toBe(true);
    const { permissionLevel: _, effectivePermissionLevel: __, ...discord } = link;
    expect(isShort(discord)).toBe(false);
  });
});
