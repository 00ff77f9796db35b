import type { ProgramToken } from "@foyer/protocol";
import { expect, it } from "vitest";
import { daysOf, isExpired, lifeText } from "./token.life.ts";

const now = Date.parse("2026-11-20T12:00:00.000Z");
const token: ProgramToken = {
  tokenId: "0198c0de-0000-7000-8000-000000000001",
  name: "Bot",
  scopes: ["read"],
  hint: "x9Qz",
  createdAt: "2026-11-01T12:00:00.000Z",
};

it("reads the choices of how long a token lasts", () => {
  expect(daysOf("30")).toBe(30);
  expect(daysOf("never")).toBeUndefined();
});

it("knows when a token is over", () => {
  expect(isExpired(token, now)).toBe(false);
  expect(isExpired({ expiresAt: "2026-11-20T12:00:00.000Z" }, now)).toBe(true);
  expect(isExpired({ expiresAt: "2026-11-20T12:00:01.000Z" }, now)).toBe(false);
});

it("tells use and life in one line", () => {
  expect(lifeText(token, now)).toMatch(/not used yet · never expires$/);
  const used = { ...token, lastUsedAt: "2026-11-20T11:55:00.000Z", expiresAt: "2026-12-01T12:00:00.000Z" };
  expect(lifeText(used, now)).toMatch(/last used 5 min ago · expires /);
});
