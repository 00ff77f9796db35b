import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  DiscordAway,
  type DiscordBot,
  DiscordGone,
  DiscordLimited,
  type DiscordMessage,
  DiscordNoAccess,
  DiscordNoPermission,
  DiscordRejected,
  type DiscordServices,
  DiscordTooManyEdits,
  DiscordTooManyRoles,
  DiscordUnauthorized,
} from "../../modules/alerts/index.ts";
import { systemClock } from "../../platform/clock/clock.ts";
import { createMemoryLimiter } from "../../platform/limits/memory.limiter.ts";
import type { Bucket, RateLimiter } from "../../platform/limits/rate.limiter.ts";
import { silentLogger } from "../../platform/logs/logger.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createDiscordServices } from "./discord.services.ts";

let discord: DiscordSimulator;
let services: DiscordServices;
let bot: DiscordBot;
let channelId: string;
let ahead = 0;
const guildId = "1200000000000000001";
const ada = "80351110224678912";

const message = (content: string, mentionRoleId: string | null = null): DiscordMessage => ({
  content,
  embed: null,
  mentionRoleId,
});

function connect(limiter: RateLimiter = createMemoryLimiter({ now: () => performance.now() })): DiscordServices {
  const deps = { limiter, clock: systemClock, metrics: createMetrics({ process: false }), log: silentLogger() };
  const made = createDiscordServices(discord.environment, deps);
  if (made?.bot === undefined) throw new Error("there is no bot");
  services = made;
  bot = made.bot;
  return made;
}

beforeEach(async () => {
  ahead = 0;
  discord = await startDiscord({ now: () => Date.now() + ahead });
  connect();
  channelId = [...discord.world.guild(guildId).channels.keys()][0] ?? "";
});
afterEach(() => discord.close());

describe("messages", () => {
  test("are posted with the one role that they may mention, and edited mentioning nobody", async () => {
    const roleId = discord.world.addRole(guildId, { name: "Followers", mentionable: true }).id;
    const { messageId } = await bot.post(channelId, message(`<@&${roleId}> @everyone <@${ada}> is live`, roleId), "n1");
    expect(discord.messages(channelId)[0]).toMatchObject({
      id: messageId,
      pings: { everyone: false, roles: [roleId], users: [] },
    });
    await bot.edit(channelId, messageId, message(`<@&${roleId}> @everyone still live`, roleId));
    const [shown] = discord.messages(channelId);
    expect(shown?.content).toContain("still live");
    expect(shown?.history.map(({ allowedMentions }) => allowedMentions)).toMatchObject([
      { parse: [], roles: [roleId], users: [] },
      { parse: [], roles: [], users: [] },
    ]);
    expect(shown?.pings).toEqual({ everyone: false, roles: [], users: [] });
    await bot.remove(channelId, messageId);
    expect(discord.messages(channelId)).toEqual([]);
  });

  test("come once for one nonce, and embeds arrive as they were", async () => {
    const embed = {
      title: "Chess",
      url: "https://www.twitch.tv/ada#x",
      description: "Live",
      color: 1,
      author: { name: "Ada", iconUrl: "https://static.example/a.png" },
      imageUrl: "https://static.example/i.png",
      fields: [{ name: "Game", value: "Chess", inline: true }],
      footer: "foot",
      timestamp: "2026-01-01T00:00:00.000Z",
    };
    const first = await bot.post(channelId, { content: "", embed, mentionRoleId: null }, "same");
    const second = await bot.post(channelId, { content: "", embed, mentionRoleId: null }, "same");
    expect(second).toEqual(first);
    const [shown] = discord.messages(channelId);
    expect(discord.messages(channelId)).toHaveLength(1);
    expect(shown?.embeds[0]).toMatchObject({
      title: "Chess",
      author: { name: "Ada", icon_url: "https://static.example/a.png" },
      image: { url: "https://static.example/i.png" },
      footer: { text: "foot" },
    });
    const [found] = await bot.messagesAfter(channelId, Date.now() - 60_000);
    expect(found).toEqual({
      messageId: first.messageId,
      authorId: discord.world.bot.id,
      content: "",
      embed: {
        url: embed.url,
        title: "Chess",
        description: "Live",
        addresses: [embed.url, embed.author.iconUrl, embed.imageUrl],
      },
    });
    expect(await bot.messagesAfter(channelId, Date.now() + 60_000)).toEqual([]);
  });
});

describe("guilds", () => {
  test("channels say what the bot may not do there", async () => {
    const category = discord.world.addChannel(guildId, { name: "Live", type: 4 });
    const news = discord.world.addChannel(guildId, { name: "news", type: 5, parentId: category.id });
    discord.world.addChannel(guildId, { name: "voice", type: 2 });
    discord.world.overwrite(news.id, { deny: ["embedLinks", "readHistory"] });
    const channels = await bot.channels(guildId);
    expect(channels.map(({ name }) => name)).toEqual(["announcements", "general", "news"]);
    expect(channels[0]).toMatchObject({ kind: "text", category: null, missing: [] });
    expect(channels[2]).toEqual({
      channelId: news.id,
      name: "news",
      kind: "announcement",
      category: "Live",
      missing: ["Embed Links", "Read Message History"],
    });
  });

  test("roles say which of them Foyer could give", async () => {
    const high = discord.world.addRole(guildId, { name: "Admins", position: 9 });
    const byName = async () => new Map((await bot.roles(guildId)).map((role) => [role.name, role.manageable]));
    expect([...(await byName()).values()]).toEqual([false, false, false]);
    discord.world.addBot(guildId, 84992n | (1n << 28n));
    expect(high.position).toBeGreaterThan(1);
    const roles = await byName();
    expect(roles.get("Live pings")).toBe(true);
    expect(roles.get("Foyer")).toBe(false);
    expect(roles.has("@everyone")).toBe(false);
    expect(await bot.rights(guildId)).toEqual({ manageRoles: true, mentionAll: false });
  });

  test("roles are made, given, taken and deleted", async () => {
    discord.world.addBot(guildId, ["viewChannel", "manageRoles"]);
    const roleId = await bot.createRole(guildId, { name: "Live: Ada", mentionable: true });
    expect(discord.world.guild(guildId).roles.get(roleId)).toMatchObject({ permissions: 0n, mentionable: true });
    await bot.giveRole(guildId, ada, roleId);
    expect(await bot.memberRoles(guildId, ada)).toEqual([roleId]);
    await bot.takeRole(guildId, ada, roleId);
    expect(await bot.memberRoles(guildId, ada)).toEqual([]);
    discord.world.removeMember(guildId, "ada.d");
    expect(await bot.memberRoles(guildId, ada)).toBeUndefined();
    await expect(bot.giveRole(guildId, ada, roleId)).rejects.toMatchObject({ what: "member" });
    await bot.deleteRole(guildId, roleId);
    expect(discord.world.guild(guildId).roles.has(roleId)).toBe(false);
  });

  test("of the bot and of a person are listed, with who manages what", async () => {
    expect((await bot.guilds()).map(({ name }) => name)).toEqual(["The Green Room"]);
    expect(await bot.self()).toEqual({ userId: discord.world.bot.id, name: "Foyer" });
    const mallory = await services.people.guildsOf(discord.signIn("mallory", ["identify", "guilds"]));
    expect(mallory.map(({ manages }) => manages)).toEqual([false, false]);
    const owner = await services.people.guildsOf(discord.signIn("ada.d", ["identify", "guilds"]));
    expect(owner.map(({ manages }) => manages)).toEqual([true, true]);
    const role = discord.world.addRole(guildId, { name: "Mods", permissions: ["manageGuild"] });
    discord.world.addMember(guildId, "mallory", [role.id]);
    const [first] = await services.people.guildsOf(discord.signIn("mallory", ["identify", "guilds"]));
    expect(first).toEqual({ guildId, name: "The Green Room", iconUrl: null, manages: true });
  });

  test("the bot's guilds come in pages", async () => {
    for (let at = 0; at < 230; at++) discord.world.addGuild({ name: `Guild ${at}` });
    const guilds = await bot.guilds();
    expect(new Set(guilds.map((each) => each.guildId)).size).toBe(231);
  });
});

describe("refusals are told apart", () => {
  const failing = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

  test("what is gone, what may not be done, what is wrong", async () => {
    const gone = "1200000000000009999";
    expect(await failing(bot.post(gone, message("x"), "a"))).toMatchObject({
      what: "channel",
      code: 10003,
      status: 404,
    });
    expect(await failing(bot.edit(channelId, gone, message("x")))).toBeInstanceOf(DiscordGone);
    expect(await failing(bot.edit(channelId, gone, message("x")))).toMatchObject({ what: "message" });
    expect(await failing(bot.roles(gone))).toMatchObject({ what: "guild", code: 10004 });
    expect(await failing(bot.createRole(guildId, { name: "x", mentionable: false }))).toBeInstanceOf(
      DiscordNoPermission,
    );
    discord.world.overwrite(channelId, { deny: ["viewChannel"] });
    expect(await failing(bot.post(channelId, message("x"), "b"))).toBeInstanceOf(DiscordNoAccess);
    discord.world.overwrite(channelId, { deny: ["sendMessages"] });
    expect(await failing(bot.post(channelId, message("x"), "c"))).toBeInstanceOf(DiscordNoPermission);
    discord.world.overwrite(channelId, {});
    expect(await failing(bot.post(channelId, message("x".repeat(2001)), "d"))).toMatchObject({ code: 50035 });
    expect(await failing(bot.post(channelId, message("x".repeat(2001)), "d"))).toBeInstanceOf(DiscordRejected);
    discord.fault({ kind: "automod", operation: "message.create", times: 1 });
    expect(await failing(bot.post(channelId, message("x"), "e"))).toMatchObject({
      name: "DiscordRejected",
      code: 200000,
    });
  });

  test("too many edits of an old message, and too many roles", async () => {
    const { messageId } = await bot.post(channelId, message("x"), "a");
    ahead = 3_700_000;
    for (let at = 0; at < 3; at++) await bot.edit(channelId, messageId, message(`edit ${at}`));
    expect(await failing(bot.edit(channelId, messageId, message("one more")))).toBeInstanceOf(DiscordTooManyEdits);
    discord.world.addBot(guildId, ["manageRoles"]);
    for (let at = 0; at < 250; at++) discord.world.addRole(guildId, { name: `Role ${at}` });
    expect(await failing(bot.createRole(guildId, { name: "x", mentionable: false }))).toBeInstanceOf(
      DiscordTooManyRoles,
    );
  });

  test.each(["error", "unavailable", "bad_gateway", "disconnect"])("%s: away, and asked once alone", async (kind) => {
    discord.fault({ kind, operation: "message.create" });
    expect(await failing(bot.post(channelId, message("x"), "a"))).toBeInstanceOf(DiscordAway);
    expect(discord.calls.of("message.create")).toBe(1);
  });

  test("a limit is not run into again: it is said when to come back", async () => {
    discord.fault({ kind: "limited", operation: "message.create", ms: 200 });
    const limited = await failing(bot.post(channelId, message("x"), "a"));
    expect(limited).toBeInstanceOf(DiscordLimited);
    expect(limited).toMatchObject({ status: 429 });
    expect((limited as DiscordLimited).retryAfterMs).toBeGreaterThanOrEqual(200);
    expect(discord.calls.of("message.create")).toBe(1);
  });

  test("a token that is no longer good is not tried on and on, and works again when it is the right one", async () => {
    const token = discord.app.botToken;
    discord.resetBotToken();
    expect(await failing(bot.self())).toBeInstanceOf(DiscordUnauthorized);
    expect(await failing(bot.post(channelId, message("x"), "a"))).toBeInstanceOf(DiscordUnauthorized);
    expect(discord.calls.of()).toBe(1);
    discord.app.botToken = token;
    connect();
    expect(await bot.self()).toMatchObject({ name: "Foyer" });
  });

  test("a person's token that is no longer good, and one that allows too little", async () => {
    const token = discord.signIn("ada.d", ["identify", "guilds"]);
    discord.revokeUser(ada);
    expect(await failing(services.people.guildsOf(token))).toBeInstanceOf(DiscordUnauthorized);
    expect(await failing(services.people.guildsOf(discord.signIn("ada.d", ["identify"])))).toBeInstanceOf(
      DiscordUnauthorized,
    );
    discord.fault({ kind: "limited", operation: "guilds", ms: 2500 });
    expect(await failing(services.people.guildsOf(discord.signIn("ada.d", ["identify", "guilds"])))).toMatchObject({
      retryAfterMs: 3000,
    });
    discord.clearFaults();
    discord.fault({ kind: "unavailable", operation: "guilds" });
    expect(await failing(services.people.guildsOf(token))).toBeInstanceOf(DiscordAway);
  });
});

describe("limits", () => {
  test("buckets of one channel are kept ahead of time: nothing is refused", async () => {
    const posts = Array.from({ length: 12 }, (_, at) => bot.post(channelId, message(`m${at}`), `n${at}`));
    const ended = await Promise.allSettled(posts);
    // What would have to wait long is given back to whoever keeps the work.
    for (const each of ended) if (each.status === "rejected") expect(each.reason).toBeInstanceOf(DiscordLimited);
    expect(discord.messages(channelId).length).toBeGreaterThanOrEqual(5);
    expect(discord.limits.refused()).toEqual({ user: 0, global: 0 });
  });

  test("the whole bot keeps below 50 in a second, over all channels", async () => {
    const channels = Array.from({ length: 110 }, (_, at) => discord.world.addChannel(guildId, { name: `c${at}` }).id);
    await Promise.all(channels.map((each, at) => bot.post(each, message("x"), `n${at}`)));
    expect(discord.limits.refused()).toEqual({ user: 0, global: 0 });
    expect(discord.limits.busiestSecond()).toBeLessThanOrEqual(50);
  });

  test("refusals that would block the address are stopped well ahead", async () => {
    const memory = createMemoryLimiter({ now: () => performance.now() });
    const keys: string[] = [];
    // The same rules with a hundredth of the room.
    const small = (key: string, bucket: Bucket) => {
      keys.push(key);
      return memory.take(key, key.startsWith("discord-refusals:") ? { capacity: 25, perSecond: 0.04 } : bucket);
    };
    connect({ take: small });
    discord.world.overwrite(channelId, { deny: ["viewChannel"] });
    const outcomes: unknown[] = [];
    const others = Array.from({ length: 60 }, (_, at) => discord.world.addChannel(guildId, { name: `c${at}` }).id);
    for (const each of others) {
      discord.world.overwrite(each, { deny: ["viewChannel"] });
      outcomes.push(await bot.post(each, message("x"), "n").catch((error: unknown) => error));
    }
    expect(discord.limits.invalidCount()).toBe(26);
    expect(outcomes.at(-1)).toBeInstanceOf(DiscordLimited);
    expect((outcomes.at(-1) as DiscordLimited).retryAfterMs).toBeGreaterThan(30_000);
    await expect(services.people.guildsOf(discord.signIn("ada.d", ["guilds"]))).rejects.toBeInstanceOf(DiscordLimited);
    expect(new Set(keys)).toEqual(new Set(["discord:1100000000000000001", "discord-refusals:1100000000000000001"]));
  });
});

test("the install link asks for the least, and for roles only where they are wanted", () => {
  const link = new URL(bot.installUrl(guildId, { manageRoles: false }));
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: discord.app.clientId,
    scope: "bot applications.commands",
    permissions: "84992",
    guild_id: guildId,
    disable_guild_select: "true",
  });
  expect(new URL(bot.installUrl(guildId, { manageRoles: true })).searchParams.get("permissions")).toBe("268520448");
});
