import { expect, it } from "vitest";
import { isOwnHandle } from "./own.handle.ts";

it("takes one's own handle however it is typed, and no other", () => {
  expect(isOwnHandle(" @Ada ", "ada")).toBe(true);
  expect(isOwnHandle("ada", "ada")).toBe(true);
  expect(isOwnHandle("ad", "ada")).toBe(false);
  expect(isOwnHandle("", "")).toBe(false);
});
