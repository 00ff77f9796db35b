import { afterAll, expect, test } from "vitest";
import { startDiscord } from "../discord/index.ts";
import { startTwitch } from "../twitch/index.ts";

const [twitch, discord] = await Promise.all([startTwitch(), startDiscord()]);
afterAll(() => Promise.all([twitch.close(), discord.close()]));

const act = (url: string, action: object) =>
  fetch(`${url}/_simulator/action`, { method: "POST", body: JSON.stringify(action) });
const state = async (url: string, query = "") => (await fetch(`${url}/_simulator/state${query}`)).json();

test("Twitch's page is a whole page, and its actions do what they say", async () => {
  const page = await (await fetch(twitch.url)).text();
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain("function runControlPage");
  expect((await act(twitch.url, { action: "live", login: "ada", title: "Hi", viewers: "7" })).status).toBe(204);
  expect(await state(twitch.url)).toMatchObject({
    people: [{ login: "ada", channel: { title: "Hi" }, live: { viewers: 7 } }, { live: null }, { live: null }],
  });
  const again = await act(twitch.url, { action: "live", login: "ada" });
  expect([again.status, await again.json()]).toEqual([400, { message: "ada is live already" }]);
  await act(twitch.url, { action: "end", login: "ada" });
  await act(twitch.url, { action: "delay", ms: 250 });
  await act(twitch.url, { action: "fail", fault: { kind: "error", operation: "streams", status: 503 } });
  expect(await state(twitch.url)).toMatchObject({
    switches: { delayMs: 250 },
    faults: [{ kind: "error", operation: "streams", status: 503 }],
  });
  expect((await act(twitch.url, { action: "nonsense" })).status).toBe(400);
  expect((await act(twitch.url, { action: "end", login: "nobody" })).status).toBe(400);
});

test("Discord's page shows a channel with names for its mentions, and what the bot lacks there", async () => {
  const guild = discord.world.guild("1200000000000000001");
  const [channel = ""] = guild.channels.keys();
  await fetch(`${discord.url}/api/v10/channels/${channel}/messages`, {
    method: "POST",
    headers: { authorization: `Bot ${discord.app.botToken}` },
    body: JSON.stringify({ content: `<@${discord.world.person("ada.d").id}>` }),
  });
  await act(discord.url, { action: "deny", channelId: channel, permissions: ["sendMessages"] });
  const seen = await state(discord.url, `?channel=${channel}`);
  expect(seen).toMatchObject({ channel: { name: "announcements", missing: ["sendMessages", "embedLinks"] } });
  const [message] = discord.messages(channel);
  expect(message?.pings.users).toEqual([discord.world.person("ada.d").id]);
  await act(discord.url, { action: "deleteMessage", channelId: channel, messageId: message?.id });
  expect(discord.messages(channel)).toEqual([]);
  await act(discord.url, { action: "removeBot", guildId: guild.id });
  expect(guild.members.has(discord.world.bot.id)).toBe(false);
});
