import { expect, test } from "vitest";
import { isOvernight, timeZones } from "./time.zones.ts";

test("zones to choose from hold what is chosen already, each once and in order", () => {
  const zones = timeZones(["Europe/Berlin", "Asia/Calcutta"]);
  expect(zones).toContain("UTC");
  expect(zones.filter((zone) => zone === "Europe/Berlin")).toHaveLength(1);
  expect(zones).toContain("Asia/Calcutta");
  expect(zones).toEqual([...zones].sort());
});

test("a quiet time that ends earlier than it begins goes over midnight", () => {
  expect(isOvernight("22:00", "08:00")).toBe(true);
  expect(isOvernight("12:00", "13:30")).toBe(false);
  expect(isOvernight("22:00", "")).toBe(false);
});
