import { expect, test } from "vitest";
import { isQuiet, isTimeZone } from "./quiet.hours.policy.ts";

const at = (text: string) => Date.parse(text);
const night = { from: "22:30", to: "07:00", timeZone: "Europe/Berlin" };

test("an evening over midnight is quiet from its first minute to the last before its end", () => {
  expect(isQuiet(night, at("2026-01-15T21:29:59Z"))).toBe(false);
  expect(isQuiet(night, at("2026-01-15T21:30:00Z"))).toBe(true);
  expect(isQuiet(night, at("2026-01-15T23:00:00Z"))).toBe(true);
  expect(isQuiet(night, at("2026-01-16T05:59:59Z"))).toBe(true);
  expect(isQuiet(night, at("2026-01-16T06:00:00Z"))).toBe(false);
});

test("hours within one day are quiet between their ends alone", () => {
  const siesta = { from: "13:00", to: "15:00", timeZone: "Asia/Kolkata" };
  expect(isQuiet(siesta, at("2026-06-01T07:29:59Z"))).toBe(false);
  expect(isQuiet(siesta, at("2026-06-01T07:30:00Z"))).toBe(true);
  expect(isQuiet(siesta, at("2026-06-01T09:30:00Z"))).toBe(false);
});

test("the clock on the wall counts when summer time begins: the hour that is left out moves nothing", () => {
  // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
  const early = { from: "01:30", to: "03:30", timeZone: "Europe/Berlin" };
  expect(isQuiet(early, at("2026-03-29T00:30:00Z"))).toBe(true);
  expect(isQuiet(early, at("2026-03-29T01:00:00Z"))).toBe(true);
  expect(isQuiet(early, at("2026-03-29T01:29:00Z"))).toBe(true);
  expect(isQuiet(early, at("2026-03-29T01:30:00Z"))).toBe(false);
  expect(isQuiet(night, at("2026-03-29T04:59:00Z"))).toBe(true);
  expect(isQuiet(night, at("2026-03-29T05:00:00Z"))).toBe(false);
});

test("an hour that comes twice is quiet both times", () => {
  // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
  const twice = { from: "02:00", to: "03:00", timeZone: "Europe/Berlin" };
  expect(isQuiet(twice, at("2026-10-24T23:59:00Z"))).toBe(false);
  expect(isQuiet(twice, at("2026-10-25T00:30:00Z"))).toBe(true);
  expect(isQuiet(twice, at("2026-10-25T01:30:00Z"))).toBe(true);
  expect(isQuiet(twice, at("2026-10-25T02:00:00Z"))).toBe(false);
});

test("zones are names of IANA, not offsets and not anything", () => {
  for (const good of ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"]) {
    expect(isTimeZone(good), good).toBe(true);
  }
  for (const bad of ["+02:00", "", "Mars/Olympus", "Europe/Berlin ", "../UTC", "Europe/Berlin\n"]) {
    expect(isTimeZone(bad), JSON.stringify(bad)).toBe(false);
  }
});
