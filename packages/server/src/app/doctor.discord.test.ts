import { type DiscordSimulator, startDiscord } from "@foyer/simulators/discord";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../platform/clock/clock.ts";
import { loadConfig } from "../platform/config/config.ts";
import { discordFindings } from "./doctor.discord.ts";

let discord: DiscordSimulator;
beforeAll(async () => {
  discord = await startDiscord();
});
afterAll(() => discord.close());

const findings = async (env: Record<string, string | undefined>) => {
  const all = { JWT_SECRET: "only for tests: 0123456789abcdef0123456789abcdef", NODE_ENV: "test", ...env };
  const found = await discordFindings(loadConfig(all, { makeSecrets: false }), systemClock);
  return found.map(({ state, text }) => [state, text] as const);
};

test("says what is missing, and what follows from it", async () => {
  const [nothing] = await findings({});
  expect(nothing?.[0]).toBe("off");
  expect(nothing?.[1]).toContain("DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET");
  const [botless] = await findings({ ...discord.environment, DISCORD_BOT_TOKEN: undefined });
  expect(botless).toEqual(["off", expect.stringContaining("DISCORD_BOT_TOKEN")]);
  const [works, events] = await findings({ ...discord.environment, DISCORD_PUBLIC_KEY: undefined });
  expect(works).toEqual(["ok", "the bot works, as Foyer"]);
  expect(events).toEqual(["hint", expect.stringContaining("DISCORD_PUBLIC_KEY")]);
});

test("tells a token that is refused from a Discord that does not answer", async () => {
  const [refused] = await findings({ ...discord.environment, DISCORD_BOT_TOKEN: "a.b.c" });
  expect(refused?.[0]).toBe("problem");
  discord.fault({ kind: "unavailable", operation: "me" });
  const [away] = await findings(discord.environment);
  expect(away?.[0]).toBe("hint");
  discord.clearFaults();
});

test("names the address of the events where Discord can call it", async () => {
  const [, local] = await findings(discord.environment);
  expect(local?.[0]).toBe("off");
  const [, open] = await findings({ ...discord.environment, PUBLIC_URL: "https://foyer.example" });
  expect(open).toEqual(["ok", expect.stringContaining("https://foyer.example/webhooks/discord")]);
});
