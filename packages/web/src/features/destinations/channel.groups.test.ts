import type { GuildChannel } from "@foyer/protocol";
import { expect, test } from "vitest";
import { channelGroups } from "./channel.groups.ts";

const channel = (name: string, over: Partial<GuildChannel> = {}): GuildChannel => ({
  channelId: name,
  name,
  kind: "text",
  category: null,
  missing: [],
  ...over,
});

test("channels stand under their category, those without one first, and say what the bot lacks", () => {
  const groups = channelGroups(
    [
      channel("news", { category: "Stage" }),
      channel("general"),
      channel("crew", { category: "Stage", missing: ["SendMessages"] }),
    ],
    "lacks permissions",
  );
  expect(groups).toEqual([
    { value: "general", label: "#general" },
    {
      group: "Stage",
      items: [
        { value: "news", label: "#news" },
        { value: "crew", label: "#crew (lacks permissions)" },
      ],
    },
  ]);
});
