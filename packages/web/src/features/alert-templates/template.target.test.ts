import type { AlertTemplate, Destination, GuildConfigView, StreamerOverride } from "@foyer/protocol";
import { expect, test } from "vitest";
import { templateTarget } from "./template.target.ts";

const saying = (content: string): AlertTemplate => ({
  live: { content, embed: null },
  recap: { content, embed: null },
});
const config = { template: saying("server") } as GuildConfigView;
const destination = (template: AlertTemplate | null) => ({ destinationId: "d", template }) as Destination;
const override = (template: AlertTemplate | null) => ({ enabled: true, template }) as StreamerOverride;

test("what has no template of its own shows that of the level above", () => {
  const shown = (...args: Parameters<typeof templateTarget>) => {
    const { kind, isOwn, inheritsFrom, template } = templateTarget(...args);
    return [kind, isOwn, inheritsFrom, template.live.content];
  };
  expect(shown(config, undefined, undefined)).toEqual(["server", true, "server", "server"]);
  expect(shown(config, destination(null), undefined)).toEqual(["destination", false, "server", "server"]);
  expect(shown(config, destination(saying("d")), undefined)).toEqual(["destination", true, "server", "d"]);
  expect(shown(config, destination(null), override(null))).toEqual(["override", false, "destination", "server"]);
  expect(shown(config, destination(saying("d")), override(null))).toEqual(["override", false, "destination", "d"]);
  expect(shown(config, destination(null), override(saying("o")))).toEqual(["override", true, "destination", "o"]);
});
