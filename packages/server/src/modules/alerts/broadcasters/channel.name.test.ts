import { expect, it } from "vitest";
import { channelName } from "./channel.name.ts";

it("reads names and addresses of channels", () => {
  for (const text of [
    "Ada_Live",
    " @ada_live ",
    "twitch.tv/ada_live",
    "https://www.twitch.tv/Ada_Live",
    "http://m.twitch.tv/ada_live/videos?filter=all#top",
    "HTTPS://TWITCH.TV/ada_live/",
  ]) {
    expect(channelName(text)).toBe("ada_live");
  }
});

it("knows what nobody can be called", () => {
  for (const text of [
    "",
    "a",
    "x".repeat(26),
    "ada live",
    "https://evil.example/ada",
    "ада",
    "ada\n",
    "twitch.tv/",
    "ada&id=1",
  ]) {
    expect(channelName(text)).toBe(text === "ada\n" ? "ada" : undefined);
  }
});
