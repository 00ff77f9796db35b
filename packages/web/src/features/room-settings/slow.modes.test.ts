import { expect, it } from "vitest";
import { slowModeChoices } from "./slow.modes.ts";

it("offers the presets in words, and the current length when it is none of them", () => {
  const labels = (current: number) => slowModeChoices(current).map((choice) => choice.label);
  expect(labels(0)).toEqual([
    "Off",
    "5 seconds",
    "10 seconds",
    "30 seconds",
    "1 minute",
    "5 minutes",
    "15 minutes",
    "1 hour",
    "6 hours",
  ]);
  expect(slowModeChoices(45)).toContainEqual({ value: "45", label: "45 seconds" });
  expect(labels(30)).toHaveLength(labels(0).length);
});
