import { afterAll, beforeEach, expect, test } from "vitest";
import { startDiscord } from "../index.ts";

let at = Date.parse("2026-11-20T20:00:00Z");
const discord = await startDiscord({ now: () => at, limits: { invalidPerTenMinutes: 40 } });
afterAll(() => discord.close());
const { world } = discord;
const guild = world.guild("1200000000000000001");
const other = world.guild("1200000000000000002");
const ada = world.person("ada.d").id;
const mallory = world.person("mallory").id;

beforeEach(() => {
  at += 3_600_000;
  discord.limits.reset();
  discord.clearFaults();
  world.addBot(guild.id);
});

async function ask(method: string, path: string, body?: object, token = `Bot ${discord.app.botToken}`) {
  const response = await fetch(`${discord.url}/api/v10${path}`, {
    method,
    headers: { authorization: token, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

test("a person sees their servers with permissions as text, and what their scopes allow", async () => {
  const token = `Bearer ${discord.signIn("ada.d", ["identify", "guilds"])}`;
  const { body } = await ask("GET", "/users/@me/guilds", undefined, token);
  expect(body).toMatchObject([
    { id: guild.id, name: "The Green Room", owner: true },
    { id: other.id, name: "Second Stage", owner: true },
  ]);
  expect(BigInt(body[0].permissions) & 32n).toBe(32n);
  const guest = `Bearer ${discord.signIn("mallory", ["identify", "guilds"])}`;
  const [seen] = (await ask("GET", "/users/@me/guilds", undefined, guest)).body;
  expect(seen).toMatchObject({ owner: false });
  expect(BigInt(seen.permissions) & 32n).toBe(0n);
  const few = `Bearer ${discord.signIn("ada.d", ["identify"])}`;
  expect((await ask("GET", "/users/@me/guilds", undefined, few)).status).toBe(401);
  expect((await ask("GET", `/guilds/${guild.id}`, undefined, token)).status).toBe(401);
  discord.revokeUser(ada);
  expect((await ask("GET", "/users/@me", undefined, token)).status).toBe(401);
});

test("the bot sees the servers that it is in, and of the others that they are not for it", async () => {
  expect((await ask("GET", "/users/@me")).body).toMatchObject({ id: discord.app.clientId, bot: true });
  const { body } = await ask("GET", `/guilds/${guild.id}?with_counts=true`);
  expect(body).toMatchObject({ id: guild.id, owner_id: ada, approximate_member_count: 3 });
  expect((body.roles as { name: string }[]).map(({ name }) => name)).toEqual(["@everyone", "Live pings", "Foyer"]);
  expect((await ask("GET", `/guilds/${other.id}`)).body).toEqual({ message: "Unknown Guild", code: 10004 });
  expect((await ask("GET", `/guilds/${other.id}/channels`)).body).toEqual({ message: "Missing Access", code: 50001 });
  const [channel] = (await ask("GET", `/guilds/${guild.id}/channels`)).body;
  expect(channel).toMatchObject({ name: "announcements", type: 0, permission_overwrites: [] });
  expect((await ask("GET", `/guilds/${guild.id}/members/${mallory}`)).body).toMatchObject({
    user: { id: mallory },
    roles: [],
  });
  expect((await ask("GET", `/guilds/${guild.id}/members?limit=1000`)).body).toHaveLength(3);
});

test("roles are made, given and taken by who may, below their own highest", async () => {
  const roles = `/guilds/${guild.id}/roles`;
  expect((await ask("POST", roles, { name: "x" })).body.code).toBe(50013);
  world.addBot(guild.id, ["viewChannel", "sendMessages", "manageRoles"]);
  expect((await ask("POST", roles, { name: "x", permissions: "8" })).body.code).toBe(50013);
  const made = await ask("POST", roles, { name: "Followers", permissions: "0", mentionable: true });
  expect(made).toMatchObject({
    status: 200,
    body: { name: "Followers", permissions: "0", position: 1, managed: false },
  });
  const giving = (role: string, user = mallory) => `/guilds/${guild.id}/members/${user}/roles/${role}`;
  expect((await ask("PUT", giving(made.body.id))).status).toBe(204);
  expect((await ask("GET", `/guilds/${guild.id}/members/${mallory}`)).body.roles).toEqual([made.body.id]);
  expect((await ask("DELETE", giving(made.body.id))).status).toBe(204);
  expect((await ask("PUT", giving("123456789012345678"))).body.code).toBe(10011);
  expect((await ask("PUT", giving(made.body.id, "123456789012345678"))).body.code).toBe(10007);
  const above = world.addRole(guild.id, { name: "above", position: 10 });
  expect((await ask("PUT", giving(above.id))).body.code).toBe(50013);
  const own = [...guild.roles.values()].find(({ managed }) => managed)?.id ?? "";
  expect((await ask("PUT", giving(own))).body.code).toBe(50028);
});

test("overwrites are reckoned for everybody, then roles, then the member", async () => {
  const { channel } = world.channel([...guild.channels.keys()][0] ?? "") ?? {};
  if (channel === undefined) throw new Error("no channel");
  const role = world.addRole(guild.id, { name: "staff" });
  guild.members.get(world.bot.id)?.roles.add(role.id);
  const seen = async () => (await ask("GET", `/channels/${channel.id}`)).status;
  const view = 1n << 10n;
  channel.overwrites.set(guild.id, { id: guild.id, type: 0, allow: 0n, deny: view });
  expect(await seen()).toBe(403);
  channel.overwrites.set(role.id, { id: role.id, type: 0, allow: view, deny: 0n });
  expect(await seen()).toBe(200);
  channel.overwrites.set(world.bot.id, { id: world.bot.id, type: 1, allow: 0n, deny: view });
  expect(await seen()).toBe(403);
  world.addBot(guild.id, ["administrator"]);
  expect(await seen()).toBe(200);
  channel.overwrites.clear();
});

test("each route has a bucket of its own for each channel, with its headers", async () => {
  const [one = "", two = ""] = [...guild.channels.keys()];
  const say = (channel: string) => ask("POST", `/channels/${channel}/messages`, { content: "x" });
  for (let left = 4; left >= 0; left -= 1) {
    const { headers } = await say(one);
    expect(headers.get("x-ratelimit-remaining")).toBe(String(left));
    expect(headers.get("x-ratelimit-bucket")).toMatch(/^[0-9a-f]{32}$/);
  }
  const limited = await say(one);
  expect(limited).toMatchObject({
    status: 429,
    body: { message: "You are being rate limited.", retry_after: 5, global: false },
  });
  expect(limited.headers.get("retry-after")).toBe("5");
  expect(limited.headers.get("x-ratelimit-scope")).toBe("user");
  expect(limited.headers.get("x-ratelimit-global")).toBeNull();
  expect((await say(two)).status).toBe(200);
  at += 5000;
  expect((await say(one)).status).toBe(200);
  expect(discord.limits.refused()).toEqual({ user: 1, global: 0 });
});

test("one bot gets fifty requests in a second, whatever they are", async () => {
  const answers = await Promise.all(
    [...Array(60).keys()].map((number) => ask("GET", `/channels/${1e17 + number * 1000}`)),
  );
  const limited = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 404)).toHaveLength(50);
  expect(limited).toHaveLength(10);
  expect(limited[0]?.headers.get("x-ratelimit-global")).toBe("true");
  expect(limited[0]?.body).toMatchObject({ global: true, retry_after: 1 });
  expect(discord.limits.busiestSecond()).toBe(50);
});

test("too many refusals block the address; those of a shared limit do not count", async () => {
  discord.fault({ kind: "limited_shared", operation: "me", times: 45, ms: 500 });
  const shared = await Promise.all([...Array(45).keys()].map(() => ask("GET", "/users/@me")));
  expect(shared[0]?.headers.get("x-ratelimit-scope")).toBe("shared");
  expect(discord.limits.invalidCount()).toBe(0);
  for (let count = 0; count < 40; count += 1) await ask("GET", "/users/@me", undefined, "Bot wrong");
  const blocked = await ask("GET", "/users/@me");
  expect(blocked).toMatchObject({ status: 429, text: "error code: 1015" });
  expect(blocked.headers.get("x-ratelimit-scope")).toBeNull();
  expect(Number(blocked.headers.get("retry-after"))).toBeGreaterThan(500);
});

test("outages answer as Cloudflare does, for as long as they were meant to last", async () => {
  discord.fault({ kind: "unavailable", forMs: 60_000 });
  expect(await ask("GET", "/users/@me")).toMatchObject({ status: 503, body: undefined });
  at += 60_000;
  expect((await ask("GET", "/users/@me")).status).toBe(200);
  discord.fault({ kind: "limited", every: 3, ms: 250 });
  const statuses: number[] = [];
  for (let count = 0; count < 6; count += 1) statuses.push((await ask("GET", "/users/@me")).status);
  expect(statuses).toEqual([200, 200, 429, 200, 200, 429]);
});
