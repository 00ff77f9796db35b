import { startTwitch, type TwitchSimulator } from "@foyer/simulators/twitch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../platform/clock/clock.ts";
import { loadConfig } from "../platform/config/config.ts";
import { twitchFindings } from "./doctor.twitch.ts";

let twitch: TwitchSimulator;
beforeAll(async () => {
  twitch = await startTwitch();
});
afterAll(() => twitch.close());

const findings = async (env: Record<string, string>) => {
  const all = { JWT_SECRET: "only for tests: 0123456789abcdef0123456789abcdef", NODE_ENV: "test", ...env };
  const found = await twitchFindings(loadConfig(all, { makeSecrets: false }), systemClock);
  return found.map(({ state, text }) => [state, text] as const);
};

test("says what is missing", async () => {
  expect(await findings({})).toEqual([
    ["off", "set TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET (docs/operate/alerts.md)"],
  ]);
});

test("says by which way Twitch tells, and why", async () => {
  const way = async (env: Record<string, string>) => (await findings({ ...twitch.environment, ...env }))[1];
  expect(await way({})).toEqual(["ok", expect.stringMatching(/^by a conduit.*http:\/\/localhost:3000 is no https/)]);
  const PUBLIC_URL = "https://foyer.example";
  expect(await way({ PUBLIC_URL })).toEqual([
    "ok",
    "by webhook at https://foyer.example/webhooks/twitch: https://foyer.example is a public https address",
  ]);
  expect(await way({ PUBLIC_URL, TWITCH_EVENTSUB_TRANSPORT: "conduit" })).toEqual([
    "ok",
    "by a conduit, which needs no open port: TWITCH_EVENTSUB_TRANSPORT=conduit",
  ]);
});

test("tells a secret that is refused from a Twitch that does not answer", async () => {
  expect((await findings(twitch.environment))[0]).toEqual(["ok", "Twitch takes the client id and secret"]);
  const [refused] = await findings({ ...twitch.environment, TWITCH_CLIENT_SECRET: "of somebody else" });
  expect(refused).toEqual(["problem", expect.stringMatching(/TWITCH_CLIENT_SECRET.*docs\/operate\/alerts\.md/)]);
  expect(refused?.[1]).not.toContain("of somebody else");
  twitch.fault({ kind: "error", operation: "channels" });
  expect((await findings(twitch.environment))[0]?.[0]).toBe("hint");
  twitch.clearFaults();
});
