import { expect, test } from "vitest";
import { durationText } from "./duration.text.ts";

test("durations are milliseconds, then seconds with one digit, and a dash for nothing", () => {
  expect(durationText(null)).toBe("–");
  expect(durationText(0)).toBe("0 ms");
  expect(durationText(239.6)).toBe("240 ms");
  expect(durationText(1000)).toBe("1 s");
  expect(durationText(1549)).toMatch(/^1[.,]5 s$/);
});
