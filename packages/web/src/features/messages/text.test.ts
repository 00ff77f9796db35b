import { describe, expect, it } from "vitest";
import { splitMentions } from "./mention.split.ts";
import { hasCode, isEmojiOnly, isPlain } from "./text.kind.ts";

describe("mentions in a text", () => {
  const found = (text: string): string[] => splitMentions(text).flatMap((part) => part.mention ?? []);

  it("finds handles at a beginning, after spaces and after punctuation", () => {
    expect(found("@mara, (@jonas) and\n@a-b.c_d!")).toEqual(["mara", "jonas", "a-b.c_d"]);
  });

  it("ends before punctuation that a handle cannot end with", () => {
    expect(splitMentions("ask @mara.")).toEqual([{ text: "ask " }, { text: "@mara", mention: "mara" }, { text: "." }]);
  });

  it("sees none in addresses, after letters, or in a single character", () => {
    expect(found("mail@mara.example a@mara @@mara @m https://x.example/@mara")).toEqual([]);
  });

  it("loses nothing of the text", () => {
    const text = "a @mara b @room c @x d";
    expect(
      splitMentions(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});

describe("kinds of text", () => {
  it.each(["Good evening", "What? At 10:30, not before.", "two\nlines", "ends with a dash -"])(
    "%j is plain",
    (text) => {
      expect(isPlain(text)).toBe(true);
    },
  );

  it.each([
    "**b**",
    "a_b_",
    "`c`",
    "> q",
    "- item",
    "1. item",
    "www.example.com",
    "https://x.example",
    "# h",
    "a\n---",
    "me@mail.example",
    "&amp;",
  ])("%j needs Markdown", (text) => {
    expect(isPlain(text)).toBe(false);
  });

  it("tells a message of emoji alone from others", () => {
    expect(isEmojiOnly("🎉")).toBe(true);
    expect(isEmojiOnly("👨‍👩‍👧 ❤️ 🏳️‍🌈")).toBe(true);
    expect(isEmojiOnly("🎉 yes")).toBe(false);
    expect(isEmojiOnly("12")).toBe(false);
    expect(isEmojiOnly("🎉".repeat(7))).toBe(false);
  });

  it("sees fenced code", () => {
    expect(hasCode("look:\n```ts\n1\n```")).toBe(true);
    expect(hasCode("a `word`")).toBe(false);
  });
});
