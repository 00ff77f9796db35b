import { expect, it } from "vitest";
import { isFresh } from "./proof.life.ts";

it("asks again before a proof runs out on the way", () => {
  const now = Date.parse("2026-11-20T12:00:00.000Z");
  expect(isFresh(null, now)).toBe(false);
  expect(isFresh("2026-11-20T12:05:00.000Z", now)).toBe(true);
  expect(isFresh("2026-11-20T12:00:20.000Z", now)).toBe(false);
  expect(isFresh("2026-11-20T11:59:00.000Z", now)).toBe(false);
});
