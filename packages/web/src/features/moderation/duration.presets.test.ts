import { describe, expect, it } from "vitest";
import { durationText } from "./duration.presets.ts";

describe("durationText", () => {
  it.each([
    [60, "1 minute"],
    [600, "10 minutes"],
    [3_600, "1 hour"],
    [86_400, "1 day"],
    [90, "90 seconds"],
    [5_400, "90 minutes"],
  ])("%i s reads %s", (seconds, expected) => {
    expect(durationText(seconds)).toBe(expected);
  });
});
