import { describe, expect, it } from "vitest";
import { snippetParts } from "./snippet.parts.ts";

/** Brackets stand for the marks, which cannot be seen. */
const parts = (snippet: string) => snippetParts(snippet.replaceAll("[", "\ue000").replaceAll("]", "\ue001"));

describe("snippetParts", () => {
  it("marks what stands between the delimiters", () => {
    expect(parts("a [b] c [d]")).toEqual([
      { text: "a ", marked: false },
      { text: "b", marked: true },
      { text: " c ", marked: false },
      { text: "d", marked: true },
    ]);
  });

  it("keeps HTML as text", () => {
    expect(parts("<b>[<script>]</b>")).toEqual([
      { text: "<b>", marked: false },
      { text: "<script>", marked: true },
      { text: "</b>", marked: false },
    ]);
  });

  it("loses no text to delimiters without a partner", () => {
    const joined = (snippet: string) =>
      parts(snippet)
        .map((part) => part.text)
        .join("");
    expect(joined("a] b [c")).toBe("a b c");
    expect(joined("]][[")).toBe("");
    expect(joined("")).toBe("");
  });
});
