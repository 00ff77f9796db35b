import type { Streamer } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { type DiscordVisitor, type DiscordWorld, startDiscordWorld } from "../support/discord.world.ts";
import { until } from "../support/guild.house.ts";

const green = "1200000000000000001";
let world: DiscordWorld;
afterEach(() => world.stop());

/** Has a guild announce Ada, and waits until Twitch tells of her. */
async function announceAda(manager: DiscordVisitor, guildId: string): Promise<Streamer> {
  const streamer = await manager.ok<Streamer>("addGuildStreamer", [guildId], { login: "ada" });
  await until(async () => {
    const { items } = await manager.ok<{ items: Streamer[] }>("listGuildStreamers", [guildId]);
    return items[0]?.hearing === "ok";
  });
  return streamer;
}

test("a hundred and twenty channels get their alert once each, below every limit of Discord, without a single 429", async () => {
  // With all of Discord's limits.
  world = await startDiscordWorld("sqlite", { discord: { limits: {} } });
  const ada = await world.visitor("ada.d");
  const channels = Array.from({ length: 120 }, (_, at) => {
    return world.discord.world.addChannel(green, { name: `channel-${at}` }).id;
  });
  for (const channelId of channels) await ada.ok("createDestination", [green], { kind: "discord", channelId });
  await announceAda(ada, green);
  world.discord.limits.reset();
  world.twitch.goLive("ada", { title: "Chess", game: "Chess" });
  await world.discord.until(
    () => channels.every((each) => world.discord.messages(each).length > 0) || undefined,
    30_000,
    "every channel has its alert",
  );
  expect(channels.map((each) => world.discord.messages(each).length)).toEqual(channels.map(() => 1));
  expect(world.discord.limits.refused()).toEqual({ user: 0, global: 0 });
  expect(world.discord.limits.busiestSecond()).toBeLessThanOrEqual(50);
  const metrics = await (await fetch(`${world.server.url}/metrics`)).text();
  expect(metrics).toMatch(/foyer_discord_requests_total\{status="200"\} \d+/);
  expect(metrics).not.toContain('foyer_discord_requests_total{status="429"}');
});

test("an alert mentions the role of who follows, and nobody else, whatever the title says", async () => {
  world = await startDiscordWorld("sqlite");
  const there = world.discord.world;
  there.addBot(green, 84992n | (1n << 28n));
  const [ada, mallory] = [await world.visitor("ada.d"), await world.visitor("mallory")];
  const [channelId = ""] = [...there.guild(green).channels.keys()];
  await ada.ok("createDestination", [green], { kind: "discord", channelId });
  await ada.ok("updateGuildConfig", [green], { mention: { kind: "followers" } });
  const { streamerId } = await announceAda(ada, green);
  await mallory.ok("setPreference", [green, streamerId], { discord: true });
  const id = there.person("mallory").id;
  const [roleId] = await until(async () => {
    const roles = [...(there.guild(green).members.get(id)?.roles ?? [])];
    return roles.length === 1 && roles;
  });
  world.twitch.goLive("ada", {
    title: `@everyone @here <@${id}> <@&${green}> [free](https://evil.example)`,
    game: "x",
  });
  const message = await world.discord.until(() => world.discord.messages(channelId)[0], 20_000, "the alert");
  expect(message.content).toContain(`<@&${roleId}>`);
  expect(message.history[0]?.pings).toEqual({ everyone: false, roles: [roleId], users: [] });
  world.twitch.changeChannel("ada", { title: "@everyone again" });
  await world.discord.until(() => (message.history.length > 1 ? true : undefined), 20_000, "the edit");
  for (const change of message.history.slice(1)) {
    expect(change.pings).toEqual({ everyone: false, roles: [], users: [] });
    expect(change.allowedMentions).toMatchObject({ parse: [], roles: [] });
  }
});
