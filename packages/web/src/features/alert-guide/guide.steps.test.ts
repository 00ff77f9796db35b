import type { AlertsStatus, Destination, Guild, Streamer } from "@foyer/protocol";
import { describe, expect, it } from "vitest";
import { type GuideFacts, guideSteps, nextStep } from "./guide.steps.ts";

const guild: Guild = { guildId: "1", name: "Green", iconUrl: null, botInstalled: false, installUrl: "https://x" };
const nothing: AlertsStatus = {
  twitch: { configured: false, transport: null, state: "off", problem: null, eventSubSubscriptions: 0 },
  discord: { configured: false, botWorks: false, botName: null, problem: null },
  linked: { twitch: false, discord: false },
};
const twitch = { ...nothing.twitch, configured: true, state: "ok" as const };
const discord = { ...nothing.discord, configured: true, botWorks: true };
const streamer = { streamerId: "s" } as Streamer;
const channel = { destinationId: "d", kind: "discord" } as Destination;
const webhook = { destinationId: "w", kind: "webhook" } as Destination;

const facts = (over: Partial<GuideFacts>): GuideFacts => ({
  guild,
  status: nothing,
  streamers: [],
  destinations: [],
  hasArrived: false,
  ...over,
});
const next = (over: Partial<GuideFacts>) => nextStep(guideSteps(facts(over)));

describe("the guide", () => {
  it("leads from nothing to a test in Discord, one step after the other", () => {
    expect(next({})).toBe("twitch");
    const status = { ...nothing, twitch };
    expect(next({ status })).toBe("discord");
    const bot = { ...status, discord };
    expect(next({ status: bot })).toBe("account");
    const linked = { ...bot, linked: { twitch: false, discord: true } };
    expect(next({ status: linked })).toBe("bot");
    const there = { guild: { ...guild, botInstalled: true }, status: linked };
    expect(next(there)).toBe("streamer");
    expect(next({ ...there, streamers: [streamer] })).toBe("place");
    expect(next({ ...there, streamers: [streamer], destinations: [webhook] })).toBe("place");
    const placed = { ...there, streamers: [streamer], destinations: [channel] };
    expect(next(placed)).toBe("test");
    expect(next({ ...placed, hasArrived: true })).toBeUndefined();
  });

  it("asks for no Discord where alerts stay on this server", () => {
    const here = { guild: { ...guild, guildId: "here" as const }, status: { ...nothing, twitch } };
    expect(next(here)).toBe("streamer");
    expect(next({ ...here, streamers: [streamer], destinations: [webhook], hasArrived: true })).toBeUndefined();
    expect(guideSteps(facts(here)).at(-1)).toEqual({ step: "elsewhere", done: false, optional: true });
  });

  it("takes Twitch for done while it connects, and not while it fails", () => {
    const connecting = { ...nothing, twitch: { ...twitch, state: "connecting" as const } };
    expect(next({ status: connecting })).toBe("discord");
    expect(next({ status: connecting, streamers: [streamer] })).toBe("discord");
    const failing = { ...nothing, twitch: { ...twitch, state: "failing" as const, problem: "no" } };
    expect(next({ status: failing })).toBe("twitch");
  });
});
