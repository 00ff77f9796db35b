import type { TemplateContext } from "./template.values.ts";

const hour = 3_600_000;

/** A stream that nobody made, for previews before there was one. Ended for the recap. */
export function exampleContext(guildName: string, now: number, stage: "live" | "ended"): TemplateContext {
  return {
    broadcaster: {
      broadcasterId: "example",
      twitchId: "0",
      login: "nightowl",
      displayName: "NightOwl",
      avatarUrl: null,
    },
    stream: {
      streamId: "example",
      broadcasterId: "example",
      twitchStreamId: "0",
      state: stage,
      revision: 1,
      title: "First light: building the lighthouse",
      game: "Stardew Valley",
      language: "en",
      tags: ["Cozy", "English"],
      viewers: 128,
      peakViewers: 342,
      thumbnailUrl: null,
      vodUrl: stage === "ended" ? "https://www.twitch.tv/videos/1234567890" : null,
      startedAt: now - 2 * hour,
      endedAt: stage === "ended" ? now : null,
    },
    guildName,
    now,
    mentionRoleId: null,
  };
}
