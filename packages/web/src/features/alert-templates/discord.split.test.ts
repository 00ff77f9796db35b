import { describe, expect, it } from "vitest";
import { splitDiscord } from "./discord.split.ts";

describe("Discord's own marks", () => {
  it("are mentions, timestamps and spoilers within running text", () => {
    expect(splitDiscord("<@&12> is live since <t:1700000000:R>, ||really||")).toEqual([
      { kind: "mention", what: "role", text: "<@&12>", id: "12" },
      { kind: "text", text: " is live since " },
      { kind: "time", seconds: 1_700_000_000, style: "R" },
      { kind: "text", text: ", " },
      { kind: "spoiler", text: "really" },
    ]);
    expect(splitDiscord("<@!3> <#4> <t:5> @everyone").map((part) => part.kind)).toEqual([
      ...["mention", "text", "mention", "text", "time", "text", "mention"],
    ]);
  });

  it("are not what only looks like them", () => {
    for (const plain of ["<@&abc>", "<t:x:R>", "| |", "@ everyone", "<t:1:Z>"]) {
      expect(splitDiscord(plain)).toEqual([{ kind: "text", text: plain }]);
    }
    expect(splitDiscord("")).toEqual([]);
  });
});
