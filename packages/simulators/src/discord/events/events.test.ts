import { createPublicKey, verify } from "node:crypto";
import { Hono } from "hono";
import { afterAll, expect, test } from "vitest";
import { listen } from "../../harness/listen.ts";
import { startDiscord } from "../index.ts";

const discord = await startDiscord({ eventRetryMs: [5, 5] });
const key = createPublicKey({
  key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(discord.app.publicKey, "hex")]),
  format: "der",
  type: "spki",
});
const taken: { type: number; event?: { type: string; data: { user: { id: string }; guild?: { id: string } } } }[] = [];
let refusals = 0;
let isChecking = true;

const app = new Hono();
app.post("/hook", async (context) => {
  const text = await context.req.text();
  const signature = Buffer.from(context.req.header("x-signature-ed25519") ?? "", "hex");
  const signed = Buffer.from((context.req.header("x-signature-timestamp") ?? "") + text);
  if (isChecking && !verify(null, signed, key, signature)) return context.body(null, 401);
  if (refusals > 0) {
    refusals -= 1;
    return context.body(null, 503);
  }
  taken.push(JSON.parse(text));
  return context.body(null, 204);
});
const receiver = await listen((request) => app.fetch(request));
const hook = `${receiver.url}/hook`;
afterAll(() => Promise.all([discord.close(), receiver.close()]));

const settled = async (count: number) => {
  const end = Date.now() + 5000;
  while (taken.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  return taken.at(-1)?.event;
};

test("an address is taken only if it tells a wrong signature from a right one", async () => {
  isChecking = false;
  expect(await discord.events.register(hook)).toBe(false);
  expect(discord.events.address()).toBeUndefined();
  isChecking = true;
  expect(await discord.events.register(hook)).toBe(true);
});

test("taking away what was allowed is told, again until it is taken", async () => {
  refusals = 1;
  taken.length = 0;
  const { id } = discord.world.person("mallory");
  discord.revokeUser(id);
  expect(await settled(1)).toMatchObject({ type: "APPLICATION_DEAUTHORIZED", data: { user: { id } } });
});

test("the bot is put into a server by who manages it, and comes back with a code", async () => {
  taken.length = 0;
  const guildId = "1200000000000000002";
  const query = new URLSearchParams({
    client_id: discord.app.clientId,
    scope: "bot applications.commands",
    permissions: "84992",
    guild_id: guildId,
    response_type: "code",
    redirect_uri: "http://localhost:1/back",
    state: "s",
  });
  const visit = (more: Record<string, string>) =>
    fetch(`${discord.url}/oauth2/authorize?${new URLSearchParams([...query, ...Object.entries(more)])}`, {
      redirect: "manual",
    });
  expect((await visit({ person: "mallory" })).status).toBe(403);
  expect(await (await visit({})).text()).toContain("Put the bot into Second Stage as Ada");
  const back = new URL((await visit({ person: "ada.d" })).headers.get("location") ?? "");
  expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: "s", guild_id: guildId, permissions: "84992" });
  expect(await settled(1)).toMatchObject({ type: "APPLICATION_AUTHORIZED", data: { guild: { id: guildId } } });
  const token = await fetch(`${discord.url}/api/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: "http://localhost:1/back",
      client_id: discord.app.clientId,
      client_secret: discord.app.clientSecret,
    }),
  });
  expect(await token.json()).toMatchObject({ scope: "bot applications.commands", guild: { id: guildId } });
  const channels = await fetch(`${discord.url}/api/v10/guilds/${guildId}/channels`, {
    headers: { authorization: `Bot ${discord.app.botToken}` },
  });
  expect(channels.status).toBe(200);
});
