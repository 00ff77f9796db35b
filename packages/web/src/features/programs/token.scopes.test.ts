import { expect, it } from "vitest";
import { scopesFor } from "./token.scopes.ts";

it("offers nobody more than they may do", () => {
  expect(scopesFor("owner")).toEqual(["read", "write", "moderate", "admin"]);
  expect(scopesFor("admin")).toContain("admin");
  expect(scopesFor("moderator")).not.toContain("admin");
  expect(scopesFor("member")).toEqual(["read", "write", "moderate"]);
});
