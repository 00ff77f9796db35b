import { describe, expect, it } from "vitest";
import { completionAt, replaceRange, shortcodeAt } from "./completion.parse.ts";
import { matchPeople } from "./completion.source.ts";
import { findEmoji, namedEmoji } from "./emoji.source.ts";

/** Reads `|` as the caret. */
function at(marked: string) {
  const caret = marked.indexOf("|");
  return completionAt(marked.replace("|", ""), caret);
}

describe("what is being typed", () => {
  it("is a mention from the sign on", () => {
    expect(at("@|")).toEqual({ kind: "mention", query: "", start: 0, end: 1 });
    expect(at("hi @Ma| there")).toEqual({ kind: "mention", query: "ma", start: 3, end: 6 });
    expect(at("line\n(@jo|")).toMatchObject({ kind: "mention", query: "jo" });
  });

  it("is no mention inside a word, an address or a longer word", () => {
    for (const text of ["mail@ex|", "a/@x|", "@ma ra|", "@@ma|"]) expect(at(text)).toBeUndefined();
  });

  it("is an emoji from two letters on", () => {
    expect(at(":s|")).toBeUndefined();
    expect(at("well :smi|")).toEqual({ kind: "emoji", query: "smi", start: 5, end: 9 });
    expect(at("at 10:30|")).toBeUndefined();
    expect(at("https://ex|")).toBeUndefined();
  });

  it("is nothing inside code", () => {
    expect(at("`@ma|")).toBeUndefined();
    expect(at("```\n@ma|")).toBeUndefined();
    expect(at("`done` @ma|")).toMatchObject({ query: "ma" });
    expect(at("```\nx\n```\n:smi|")).toMatchObject({ query: "smi" });
  });

  it("is a finished short name behind its second colon", () => {
    expect(shortcodeAt("so :smile:", 10)).toEqual({ name: "smile", start: 3, end: 10 });
    expect(shortcodeAt("so :smile: ", 11)).toBeUndefined();
    expect(shortcodeAt("10:30:", 6)).toBeUndefined();
  });

  it("is replaced where it stands, with the caret behind", () => {
    expect(replaceRange("hi @ma there", { start: 3, end: 6 }, "@mara ")).toEqual({ text: "hi @mara  there", caret: 9 });
  });
});

describe("what is offered", () => {
  const person = (accountId: string, handle: string, displayName: string) => ({ accountId, handle, displayName });
  const people = [
    person("1", "mara", "Mara Lindqvist"),
    person("2", "jonas", "Jonas"),
    person("1", "mara", "Mara Lindqvist"),
    person("3", "ines", "Inês Lima"),
  ];

  it("is people by handle or any word of their name, each once, without oneself", () => {
    expect(matchPeople(people, "li", undefined).map((found) => found.handle)).toEqual(["mara", "ines"]);
    expect(matchPeople(people, "", "2").map((found) => found.handle)).toEqual(["mara", "ines"]);
  });

  it("is emoji by name, shortest first, those that hold the query last", () => {
    const all = namedEmoji({
      "1F600": "grinning",
      "1F604": "smile",
      "1F638": ["smile_cat"],
      "1F60F": "wry_smile",
      "2764": "heart",
      "0023-FE0F-20E3": "hash",
    });
    expect(findEmoji(all, "smile").map((found) => found.name)).toEqual(["smile", "smile_cat", "wry_smile"]);
    expect(all.find((item) => item.name === "heart")?.emoji).toBe("❤️");
    expect(all.every((item) => /^\p{RGI_Emoji}$/v.test(item.emoji))).toBe(true);
  });
});
