import { afterAll, beforeEach, expect, test } from "vitest";
import { startDiscord } from "../index.ts";

let at = Date.parse("2026-11-20T20:00:00Z");
const discord = await startDiscord({ now: () => at, limits: { routes: false, globalPerSecond: 1_000_000 } });
afterAll(() => discord.close());

const guild = discord.world.guild("1200000000000000001");
const channel = [...guild.channels.values()][0];
if (channel === undefined) throw new Error("no channel");
const path = `/channels/${channel.id}/messages`;

beforeEach(() => {
  discord.clearFaults();
  discord.world.addBot(guild.id);
  at += 3_600_000;
});

async function ask(method: string, to: string, body?: object, token = `Bot ${discord.app.botToken}`) {
  const response = await fetch(`${discord.url}/api/v10${to}`, {
    method,
    headers: { authorization: token, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

test("a message is posted, read, edited and deleted in Discord's shape", async () => {
  const posted = await ask("POST", path, {
    content: "  hello  ",
    embeds: [{ title: "Live", color: 255 }],
    nonce: "n1",
  });
  expect(posted).toMatchObject({
    status: 200,
    body: {
      type: 0,
      channel_id: channel.id,
      content: "hello",
      nonce: "n1",
      author: { id: discord.app.clientId, bot: true },
      embeds: [{ type: "rich", title: "Live", color: 255 }],
      edited_timestamp: null,
      mention_everyone: false,
    },
  });
  const one = `${path}/${posted.body.id}`;
  const edited = await ask("PATCH", one, { content: "over" });
  expect(edited.body).toMatchObject({ content: "over", embeds: [{ title: "Live" }] });
  expect(edited.body.edited_timestamp).toMatch(/^\d{4}-.*\.\d{6}\+00:00$/);
  const read = await ask("GET", `${path}?limit=1`);
  expect(read.body[0].id).toBe(posted.body.id);
  expect(read.body[0]).not.toHaveProperty("nonce");
  expect((await ask("DELETE", one)).status).toBe(204);
  expect(await ask("GET", one)).toMatchObject({ status: 404, body: { code: 10008, message: "Unknown Message" } });
});

test("a nonce that is enforced gives the message of before, for some minutes, and never one that was deleted", async () => {
  const say = (more: object = {}) =>
    ask("POST", path, { content: "once", nonce: "same", enforce_nonce: true, ...more });
  const first = await say();
  expect((await say({ content: "twice" })).body).toMatchObject({ id: first.body.id, content: "once" });
  expect((await say({ enforce_nonce: false })).body.id).not.toBe(first.body.id);
  at += 181_000;
  const later = await say();
  expect(later.body.id).not.toBe(first.body.id);
  await ask("DELETE", `${path}/${later.body.id}`);
  expect(await say()).toMatchObject({ status: 404, body: { code: 10008 } });
});

test("a body that breaks Discord's sizes is refused with the tree of what is wrong", async () => {
  const bad = await ask("POST", path, {
    content: "x".repeat(2001),
    nonce: "x".repeat(26),
    embeds: [
      { title: "x".repeat(257), url: "javascript:alert(1)", color: 0x1000000, timestamp: "yesterday" },
      { fields: [{ name: "", value: "x" }], footer: { text: "x".repeat(2049) }, image: { url: "nothing" } },
    ],
    allowed_mentions: { parse: ["users", "somebody"], users: ["80351110224678912"] },
  });
  const code = (name: string) => ({ _errors: [expect.objectContaining({ code: name })] });
  expect(bad).toMatchObject({
    status: 400,
    body: {
      code: 50035,
      message: "Invalid Form Body",
      errors: {
        content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
        nonce: code("NONCE_TYPE_TOO_LONG"),
        embeds: {
          0: {
            title: code("BASE_TYPE_MAX_LENGTH"),
            url: code("URL_TYPE_INVALID_SCHEME"),
            color: code("NUMBER_TYPE_MAX"),
            timestamp: code("DATE_TIME_TYPE_PARSE"),
          },
          1: {
            fields: { 0: { name: code("BASE_TYPE_REQUIRED") } },
            footer: { text: code("BASE_TYPE_MAX_LENGTH") },
            image: { url: code("URL_TYPE_INVALID_URL") },
          },
        },
        allowed_mentions: {
          parse: { 1: code("BASE_TYPE_CHOICES") },
          ...code("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
        },
      },
    },
  });
  const description = "x".repeat(3001);
  expect((await ask("POST", path, { embeds: [{ description }, { description }] })).body.errors).toEqual({
    embeds: { _errors: [{ code: "MAX_EMBED_SIZE_EXCEEDED", message: "Embed size exceeds maximum size of 6000" }] },
  });
  expect(await ask("POST", path, { content: " " })).toMatchObject({ status: 400, body: { code: 50006 } });
});

test("who would be pinged is what the text names, the message allows and the bot may", async () => {
  discord.world.addBot(guild.id, ["viewChannel", "sendMessages", "embedLinks", "readHistory", "mentionEveryone"]);
  const { id: ada } = discord.world.person("ada.d");
  const closed = discord.world.addRole(guild.id, { name: "closed" });
  const text = `@everyone <@${ada}> <@!${ada}> <@&${closed.id}> \`<@&${guild.id}>\` <@999999999999999999>`;
  const pings = async (body: object) => {
    const { body: message } = await ask("POST", path, { content: text, ...body });
    return discord.messages(channel.id).find(({ id }) => id === message.id)?.pings;
  };
  expect(await pings({})).toEqual({ everyone: true, users: [ada], roles: [closed.id] });
  expect(await pings({ allowed_mentions: { parse: [] } })).toEqual({ everyone: false, users: [], roles: [] });
  expect(await pings({ allowed_mentions: {} })).toEqual({ everyone: false, users: [], roles: [] });
  expect(await pings({ allowed_mentions: { roles: [closed.id] } })).toEqual({
    everyone: false,
    users: [],
    roles: [closed.id],
  });
  discord.world.addBot(guild.id);
  expect(await pings({})).toEqual({ everyone: false, users: [ada], roles: [] });
  closed.mentionable = true;
  expect(await pings({})).toEqual({ everyone: false, users: [ada], roles: [closed.id] });
  expect(await pings({ content: "quiet", embeds: [{ title: text, description: text }] })).toEqual({
    everyone: false,
    users: [],
    roles: [],
  });
});

test("an edit without allowed_mentions parses again", async () => {
  const { id: ada } = discord.world.person("ada.d");
  const { body } = await ask("POST", path, { content: `<@${ada}>`, allowed_mentions: { parse: [] } });
  await ask("PATCH", `${path}/${body.id}`, { content: `<@${ada}>!` });
  const message = discord.messages(channel.id).find(({ id }) => id === body.id);
  expect(message?.history.map(({ kind, pings }) => [kind, pings.users])).toEqual([
    ["post", []],
    ["edit", [ada]],
  ]);
});

test("messages older than an hour take few edits", async () => {
  const { body } = await ask("POST", path, { content: "old" });
  at += 3_600_001;
  const edit = () => ask("PATCH", `${path}/${body.id}`, { content: "older" });
  for (let count = 0; count < 3; count += 1) expect((await edit()).status).toBe(200);
  expect(await edit()).toMatchObject({ status: 429, body: { code: 30046, retry_after: 20, global: false } });
  at += 20_000;
  expect((await edit()).status).toBe(200);
});

test("what the bot may not do, it is told with Discord's codes", async () => {
  const refused = async (to = path, body: object = { content: "x" }) => (await ask("POST", to, body)).body.code;
  expect(await refused("/channels/123456789012345678/messages")).toBe(10003);
  discord.world.overwrite(channel.id, { deny: ["embedLinks"] });
  expect(await refused(path, { embeds: [{ title: "x" }] })).toBe(50013);
  discord.world.overwrite(channel.id, { deny: ["sendMessages"] });
  expect(await refused()).toBe(50013);
  discord.world.overwrite(channel.id, { deny: ["viewChannel"] });
  expect(await refused()).toBe(50001);
  discord.world.overwrite(channel.id, {});
  discord.world.removeBot(guild.id);
  expect(await refused()).toBe(50001);
  expect(await ask("POST", path, { content: "x" }, "Bot nonsense")).toMatchObject({
    status: 401,
    body: { message: "401: Unauthorized", code: 0 },
  });
});

test("a message that is stored before the answer is lost is there, and its nonce finds it", async () => {
  discord.fault({ kind: "disconnect", operation: "message.create", times: 1, after: true });
  const body = { content: "lost on the way back", nonce: "lost", enforce_nonce: true };
  await expect(ask("POST", path, body)).rejects.toThrow("fetch failed");
  const [stored] = discord.messages(channel.id).filter(({ nonce }) => nonce === "lost");
  expect((await ask("POST", path, body)).body.id).toBe(stored?.id);
  discord.fault({ kind: "disconnect", operation: "message.create", times: 1 });
  await expect(ask("POST", path, { ...body, nonce: "never" })).rejects.toThrow("fetch failed");
  expect(discord.allMessages().some(({ nonce }) => nonce === "never")).toBe(false);
});
