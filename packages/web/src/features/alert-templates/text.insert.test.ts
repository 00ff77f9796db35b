import { expect, test } from "vitest";
import { insertAt } from "./text.insert.ts";

test("a variable goes where the cursor stands, and in place of what is selected", () => {
  expect(insertAt("ab", { start: 1, end: 1 }, "{x}")).toEqual({ text: "a{x}b", cursor: 4 });
  expect(insertAt("abc", { start: 1, end: 2 }, "{x}")).toEqual({ text: "a{x}c", cursor: 4 });
  // The field may have become shorter since.
  expect(insertAt("a", { start: 5, end: 9 }, "{x}")).toEqual({ text: "a{x}", cursor: 4 });
});
