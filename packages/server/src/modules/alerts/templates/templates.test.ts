import { alertTemplate, discordSizes } from "@foyer/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../../../platform/errors/app.error.ts";
import { cutAtGrapheme, escapeForDiscord, escapeForRoom, plainLine } from "./outside.text.ts";
import { pushText } from "./push.text.ts";
import { roomText } from "./room.text.ts";
import { defaultTemplate } from "./template.defaults.ts";
import { exampleContext } from "./template.example.ts";
import { renderAlert } from "./template.render.ts";
import { validateTemplate } from "./template.validate.ts";
import { duration, httpsAddress, type TemplateContext } from "./template.values.ts";

const now = Date.UTC(2026, 10, 21, 20);
const live = exampleContext("The Lighthouse", now, "live");
const titled = (title: string, more: Partial<TemplateContext> = {}): TemplateContext => ({
  ...live,
  ...more,
  stream: { ...live.stream, title },
});
const invalid = (run: () => void) => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.fields?.map(({ path }) => path);
    throw error;
  }
  return undefined;
};

/** What people try, between what they would write. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "@everyone",
        "@here",
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#123456789012345678>",
        "<:x:12345678901234567>",
        "</ban:123456789012345678>",
        "<t:0:R>",
        "**",
        "__",
        "~~",
        "||",
        "```js\n",
        "`",
        "> ",
        ">>> ",
        "# ",
        "-# ",
        "- ",
        "* ",
        "1. ",
        "[free](https://evil.example)",
        "https://evil.example",
        "\\",
        "\u202e",
        "\u0000",
        "\n",
        "{mention}",
        "{stream_title}",
        "👨‍👩‍👧‍👦",
      ),
      fc.string({ unit: "grapheme", maxLength: 12 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

/** Without what a backslash escapes, what is left could begin something. */
const bare = (text: string) => text.replace(/\\[\\*_~|>#\-+[\](){}<!.]/g, "x");

test("no title pings, formats, links or turns the text around, wherever it stands", () => {
  const template = alertTemplate.parse({
    live: {
      content: "{stream_title}",
      embed: {
        title: "{stream_title}",
        description: "{stream_title}",
        fields: [{ name: "{stream_title}", value: "{stream_title}" }],
        footer: "{stream_title}",
      },
    },
    recap: { content: "over" },
  });
  fc.assert(
    fc.property(hostile, (title) => {
      const { content, embed } = renderAlert(template, "live", titled(title));
      const texts = [content, embed?.title, embed?.description, embed?.fields[0]?.name, embed?.fields[0]?.value];
      for (const text of texts) {
        if (text === undefined) continue;
        expect(bare(text)).not.toMatch(/[*_~|>#[\]()<`]|(?:^|\s)[-+]|(?:^|\s)\d+[.)]|:\/\/|@(?!\u200b)/u);
        expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        // A last backslash would escape what the template says next.
        expect(/\\+$/.exec(text)?.[0].length ?? 0).toSatisfy((count: number) => count % 2 === 0);
      }
      expect(embed?.footer ?? "").not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      const room = roomText(template, "live", titled(title));
      expect(bare(room.replaceAll("\\&", ""))).not.toMatch(
        /@(?!\u200b)|:\/\/(?!www\.twitch\.tv\/)|\bwww\.\w+\.(?!tv\b)/u,
      );
    }),
    { numRuns: 2000 },
  );
});

test("a title says what it said: escaping takes nothing away that is seen", () => {
  expect(escapeForDiscord("50% off! (a_b) [c] *d* 1. e")).toBe(String.raw`50% off\! \(a\_b\) \[c\] \*d\* 1\. e`);
  expect(escapeForRoom("rock & roll")).toBe(String.raw`rock \& roll`);
  expect(plainLine("a\n b\u0000\u202ec ")).toBe("a b c");
});

test("everything fits into Discord's sizes, whatever the variables hold", () => {
  const most = "{stream_title}".repeat(14);
  const template = alertTemplate.parse({
    live: {
      content: "{stream_title}".repeat(140),
      embed: {
        title: most,
        description: "{stream_title}".repeat(290),
        author: { name: most },
        fields: Array.from({ length: 25 }, () => ({ name: most, value: "{stream_title}".repeat(70) })),
        footer: most,
      },
    },
    recap: { content: "over" },
  });
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 8 }), (title, times) => {
      const { content, embed } = renderAlert(
        template,
        "live",
        titled(title.repeat(times), { mentionRoleId: "123456789012345678" }),
      );
      expect(content.length).toBeLessThanOrEqual(discordSizes.content);
      if (embed === null) return;
      const { title: head, description, author, footer, fields } = embed;
      expect(head?.length ?? 0).toBeLessThanOrEqual(discordSizes.title);
      expect(description?.length ?? 0).toBeLessThanOrEqual(discordSizes.description);
      for (const { name, value } of fields) {
        expect(name.length).toBeLessThanOrEqual(discordSizes.fieldName);
        expect(value.length).toBeLessThanOrEqual(discordSizes.fieldValue);
      }
      const all = [head, description, author?.name, footer, ...fields.flatMap(({ name, value }) => [name, value])];
      expect(all.reduce((sum, text) => sum + (text?.length ?? 0), 0)).toBeLessThanOrEqual(discordSizes.embedTotal);
    }),
    { numRuns: 200 },
  );
});

test("the default template is valid, and says what it should at both stages", () => {
  expect(() => validateTemplate(defaultTemplate)).not.toThrow();
  const shown = renderAlert(defaultTemplate, "live", { ...live, mentionRoleId: "123456789012345678" });
  expect(shown.content).toBe("<@&123456789012345678> **NightOwl** is live");
  expect(shown.embed).toMatchObject({
    title: "First light: building the lighthouse",
    url: "https://www.twitch.tv/nightowl",
    fields: [
      { name: "Playing", value: "Stardew Valley" },
      { name: "Started", value: `<t:${now / 1000 - 7200}:R>` },
    ],
  });
  const recap = renderAlert(defaultTemplate, "ended", exampleContext("x", now, "ended"));
  expect(recap.content).toBe("**NightOwl** was live");
  expect(recap.embed?.fields.map(({ value }) => value)).toEqual([
    "Stardew Valley",
    "2 h 0 min",
    "342",
    "https://www.twitch.tv/videos/1234567890",
  ]);
});

test("a mention is said even where the template forgot it, once, never in an embed, and never in a room", () => {
  const template = alertTemplate.parse({
    live: { content: "live", embed: { description: "{mention} hello" } },
    recap: { content: "over" },
  });
  const context = { ...live, mentionRoleId: "123456789012345678" };
  const shown = renderAlert(template, "live", context);
  expect(shown).toMatchObject({ content: "<@&123456789012345678> live", embed: { description: "hello" } });
  expect(roomText(template, "live", context)).toBe("live\nhello");
});

test("what is not known is left out: empty fields, pictures, an embed with nothing in it", () => {
  const template = alertTemplate.parse({
    live: {
      content: "{streamer_name}",
      embed: { imageUrl: "{stream_thumbnail_url}", fields: [{ name: "Viewers", value: "{viewer_count}" }] },
    },
    recap: { content: "over" },
  });
  const unknown = { ...live, stream: { ...live.stream, viewers: null } };
  expect(renderAlert(template, "live", unknown)).toEqual({ content: "NightOwl", embed: null });
});

test("pictures have a size and are fetched anew; other addresses are https and cannot break out of a link", () => {
  const template = alertTemplate.parse({
    live: {
      content: "x",
      embed: { imageUrl: "{stream_thumbnail_url}", url: "https://clips.example/{streamer_login}?t={stream_title}" },
    },
    recap: { content: "over" },
  });
  const stream = { ...live.stream, title: "a b&c)", thumbnailUrl: "https://static.example/live_{width}x{height}.jpg" };
  const { embed } = renderAlert(template, "live", { ...live, stream });
  expect(embed?.imageUrl).toBe(`https://static.example/live_1280x720.jpg?cb=${now / 1000}`);
  expect(embed?.url ?? "").not.toMatch(/[\s<>[\]]/);
  for (const bad of ["http://a.example", "javascript:alert(1)", "https://u:p@a.example", "https://a.example/)", "no"]) {
    expect(httpsAddress(bad)).toBeUndefined();
  }
});

test("what is wrong with a template is said field by field", () => {
  const template = alertTemplate.parse({
    live: { content: "{nobody} {stream_title}", embed: { title: "{stream_titel}", url: "{stream_title}" } },
    recap: { content: " ", embed: null },
  });
  expect(invalid(() => validateTemplate(template))).toEqual([
    "template.live.content",
    "template.live.embed.title",
    "template.live.embed.url",
    "template.recap.content",
  ]);
  const long = alertTemplate.parse({
    live: { content: "x", embed: { description: "d".repeat(4096), footer: "f".repeat(2048) } },
    recap: { content: "x" },
  });
  expect(invalid(() => validateTemplate(long))).toEqual(["template.live.embed"]);
});

test("rooms and phones get their own short words", () => {
  expect(roomText(defaultTemplate, "live", live)).toBe(
    "**NightOwl** is live\n**[First light: building the lighthouse](https://www.twitch.tv/nightowl)**\nPlaying: Stardew Valley\nStarted: 2026-11-21 18:00 UTC",
  );
  expect(pushText(live.broadcaster, { ...live.stream, title: "a\nb" })).toEqual({
    title: "NightOwl is live",
    body: "a b · Stardew Valley",
  });
});

test("texts are cut between characters, and durations are read at a glance", () => {
  expect(cutAtGrapheme("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 15)).toBe("👨‍👩‍👧‍👦…");
  expect(cutAtGrapheme("abc", 3)).toBe("abc");
  expect(cutAtGrapheme("abcd", 3)).toBe("ab…");
  expect(cutAtGrapheme(String.raw`a\*b`, 3)).toBe("a…");
  expect([duration(0), duration(59 * 60_000), duration(192 * 60_000)]).toEqual(["1 min", "59 min", "3 h 12 min"]);
});
