import { expect, test } from "vitest";
import {
  channelPermissions,
  guildPermissions,
  isAbove,
  leastPermissions,
  missingPermissions,
  permission,
} from "./discord.permissions.ts";

const guildId = "1200000000000000001";
const bot = { guildId, userId: "1100000000000000001", roleIds: ["11", "12"] };
const role = (id: string, permissions: bigint, position = 1) => ({ id, permissions, position });
const { viewChannel, sendMessages, embedLinks, readHistory, administrator, manageRoles } = permission;

test("the least that serves is what the install link asks for", () => {
  expect(leastPermissions).toBe(84992n);
});

test("in a guild everybody's role and one's own count together, and others' do not", () => {
  const roles = [role(guildId, viewChannel), role("11", sendMessages), role("12", embedLinks), role("13", readHistory)];
  expect(guildPermissions(bot, roles)).toBe(viewChannel | sendMessages | embedLinks);
});

test("an administrator may do everything, whatever a channel denies", () => {
  const base = guildPermissions(bot, [role("11", administrator)]);
  const rights = channelPermissions(bot, base, [{ id: bot.userId, allow: 0n, deny: leastPermissions }]);
  expect(missingPermissions(rights)).toEqual([]);
  expect(rights & manageRoles).toBe(manageRoles);
});

test("overwrites go from everybody over the roles to the member, and each later one wins", () => {
  const deny = (id: string) => ({ id, allow: 0n, deny: viewChannel });
  const allow = (id: string) => ({ id, allow: viewChannel, deny: 0n });
  const sees = (...overwrites: { id: string; allow: bigint; deny: bigint }[]) =>
    (channelPermissions(bot, leastPermissions, overwrites) & viewChannel) !== 0n;
  expect(sees()).toBe(true);
  expect(sees(deny(guildId))).toBe(false);
  expect(sees(deny(guildId), allow("11"))).toBe(true);
  // Of the roles together, one that allows wins over one that denies, in whatever order they come.
  expect(sees(allow("11"), deny("12"))).toBe(true);
  expect(sees(deny("11"), allow("12"))).toBe(true);
  expect(sees(allow("11"), deny(bot.userId))).toBe(false);
  expect(sees(deny("11"), allow(bot.userId))).toBe(true);
  // A role of somebody else says nothing.
  expect(sees(deny("13"))).toBe(true);
});

test("what is missing is told in the words of Discord's settings", () => {
  expect(missingPermissions(leastPermissions)).toEqual([]);
  expect(missingPermissions(leastPermissions & ~readHistory)).toEqual(["Read Message History"]);
  expect(missingPermissions(leastPermissions & ~sendMessages)).toEqual(["Send Messages", "Embed Links"]);
  expect(missingPermissions(leastPermissions & ~viewChannel)).toHaveLength(4);
});

test("of two roles in one place the older stands above", () => {
  expect(isAbove(role("9", 0n, 2), role("10", 0n, 1))).toBe(true);
  expect(isAbove(role("9", 0n, 1), role("10", 0n, 1))).toBe(true);
  expect(isAbove(role("10", 0n, 1), role("9", 0n, 1))).toBe(false);
});
