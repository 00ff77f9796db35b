import { describe, expect, it } from "vitest";
import { discordTime } from "./discord.time.ts";

const at = Date.UTC(2026, 10, 21, 20, 0, 0);
const seconds = at / 1000;

describe("Discord's timestamps", () => {
  it("are relative by the largest unit that fits", () => {
    const ago = (past: number) => discordTime(seconds - past, "R", at, "en");
    expect(ago(5)).toBe("5 seconds ago");
    expect(ago(90)).toBe("1 minute ago");
    expect(ago(3 * 3600)).toBe("3 hours ago");
    expect(ago(-7200)).toBe("in 2 hours");
    expect(ago(86_400 * 40)).toBe("last month");
  });

  it("are dates and times by their style, and both without one", () => {
    const local = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", options).format(at);
    expect(discordTime(seconds, "t", at, "en")).toBe(local({ timeStyle: "short" }));
    expect(discordTime(seconds, "D", at, "en")).toBe(local({ dateStyle: "long" }));
    expect(discordTime(seconds, "f", at, "en")).toBe(local({ dateStyle: "long", timeStyle: "short" }));
    expect(discordTime(seconds, "?", at, "en")).toBe(discordTime(seconds, "f", at, "en"));
  });
});
