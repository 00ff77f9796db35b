import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeSnippet, parseSearch } from "./search.query.ts";

describe("parseSearch", () => {
  it.each([
    ["hello wor", [["hello"], ["wor"]], true],
    ['say "good morning" all', [["say"], ["good", "morning"], ["all"]], true],
    ['"good morning"', [["good", "morning"]], false],
    ['"good mor', [["good", "mor"]], true],
    ["foyer.example/a-b_c", [["foyer"], ["example"], ["a"], ["b"], ["c"]], true],
    ["NEAR(a OR b) NOT *:c^", [["NEAR"], ["a"], ["OR"], ["b"], ["NOT"], ["c"]], true],
    ["  \"'(*) -- ", [], true],
    ["ｆｕｌｌ", [["full"]], true],
  ])("reads %j", (text, terms, prefix) => expect(parseSearch(text)).toEqual({ terms, prefix }));

  it("leaves nothing in a word but letters, digits and marks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const word of parseSearch(text).terms.flat()) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      }),
    );
  });
});

describe("makeSnippet", () => {
  const snippet = (body: string, query: string) =>
    makeSnippet(body, parseSearch(query)).replaceAll("\ue000", "[").replaceAll("\ue001", "]");

  it("marks what was found, whole words and the beginnings of the last", () => {
    expect(snippet("Tea and teapots", "tea")).toBe("[Tea] and [teapots]");
    expect(snippet("Tea and teapots", '"tea"')).toBe("[Tea] and teapots");
    expect(snippet("a Café at last", "cafe at")).toBe("a [Café] [at] last");
    expect(snippet("nothing here", "else")).toBe("nothing here");
  });

  it("shows a piece around the first match of a long text", () => {
    const long = `${"lead ".repeat(100)}needle ${"tail ".repeat(100)}`;
    const shown = snippet(long, "needle");
    expect(shown).toMatch(/^…(lead )+\[needle\]( tail)+…$/);
    expect(shown.length).toBeLessThan(200);
  });

  it("takes marks out of the text itself, and keeps everything else as plain text", () => {
    expect(snippet("<b>bold</b> \ue000fake\ue001", "bold")).toBe("<b>[bold]</b> fake");
  });

  it("is a piece of the text, whatever that is, with marks in pairs", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), fc.string({ maxLength: 20 }), (body, query) => {
        const marked = makeSnippet(body, parseSearch(query));
        expect(marked.replace(/[^\ue000\ue001]/gu, "")).toMatch(/^(\ue000\ue001)*$/u);
        const plain = marked.replace(/[\ue000\ue001]/gu, "").replace(/^…|…$/gu, "");
        expect(body.replace(/\s+/gu, " ").replace(/…/gu, "")).toContain(plain.trim().replace(/…/gu, ""));
      }),
    );
  });
});
