import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../platform/errors/app.error.ts";
import { compileFilters, foldText } from "./filters.match.ts";

const literal = (...expressions: string[]) =>
  compileFilters(expressions.map((expression) => ({ kind: "literal" as const, expression })));
const pattern = (expression: string) => compileFilters([{ kind: "pattern", expression }]);

describe("literal filters", () => {
  it.each([
    "moron",
    "MORON",
    "you, moron!",
    "(moron)",
    "moron\nagain",
    "ｍｏｒｏｎ",
    "mo\u200bron",
    "m\u0336o\u0336ron",
    "mоrоn",
  ])("catch %j", (text) => expect(literal("moron")(text)).toBe(true));

  it.each(["oxymoron", "moronic", "moron1", "_moron", "mor on", "морон", "", "fine"])("let %j pass", (text) =>
    expect(literal("moron")(text)).toBe(false),
  );

  it("take every sign as it stands, and phrases with any blanks", () => {
    expect(literal("a.c")("abc")).toBe(false);
    expect(literal("a.c")("see a.c here")).toBe(true);
    expect(literal("$$$")("free$$$now")).toBe(true);
    expect(literal("buy now")("Buy \n  NOW!")).toBe(true);
    expect(literal("[a-z]+|(x", "\\")("[A-Z]+|(X")).toBe(true);
    expect(literal("Straße")("die straße!")).toBe(true);
  });

  it("do not make words of other scripts into Latin ones", () => {
    expect(literal("kak")("как дела")).toBe(false);
    expect(literal("как")("ну КАК же")).toBe(true);
    expect(literal("日本")("日本")).toBe(true);
  });

  it("catch every literal in every text that holds it as a word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), fc.string(), (expression, around) => {
        fc.pre(foldText(expression) !== "");
        expect(literal(expression)(`${around} ${expression} ${around}`)).toBe(true);
      }),
    );
  });
});

describe("pattern filters", () => {
  it("are RE2 in any case", () => {
    expect(pattern("b+u+y+ now")("BBUUY Now")).toBe(true);
    expect(pattern("^free")("not free")).toBe(false);
  });

  it.each(["(", "a(?=b)", "\\1", "(a{1000}){1000}", "x*", "", "(?:[a-z]{1,100}){1,20}!", "a{1001}"])(
    "refuse %j",
    (expression) => {
      expect(() => pattern(expression)).toThrow(AppError);
    },
  );

  it("take linear time where others take exponential", () => {
    const matches = pattern("^(a+)+$");
    const began = performance.now();
    expect(matches(`${"a".repeat(4000)}!`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("refuse or run whatever is given, with no other error and in time", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 400 }), (expression, text) => {
        try {
          pattern(expression)(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "filter.invalid_pattern" });
        }
      }),
    );
  });
});
