import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DiscordText, RoleNames } from "./discord.text.tsx";

const html = (text: string) =>
  renderToStaticMarkup(
    <RoleNames value={new Map([["12", "Live: Ada"]])}>
      <DiscordText text={text} />
    </RoleNames>,
  );

describe("a text as Discord shows it", () => {
  it("has Discord's Markdown", () => {
    expect(html("**bold** __under__ ~~gone~~ *lean*")).toContain(
      "<strong>bold</strong> <u>under</u> <del>gone</del> <em>lean</em>",
    );
    expect(html("one\n-# two **three**\nfour")).toContain("<small>two <strong>three</strong>");
  });

  it("names roles, and shows times", () => {
    expect(html("<@&12> since <t:0:D>")).toMatch(/@Live: Ada<\/span> since <time[^>]*>[^<]*19(69|70)/);
    expect(html("<@&99>")).toContain("@role");
  });

  it("shows neither HTML nor pictures nor tables, and links nowhere dangerous", () => {
    const hostile = html(
      "<img src=x onerror=alert(1)> ![pixel](https://spy.example/a.png) [x](javascript:alert(1))\n\n| a |\n|---|\n| b |",
    );
    expect(hostile).not.toMatch(/<img|<table|javascript:/);
    expect(hostile).toContain("&lt;img");
  });
});
