import { RE2JS } from "re2js";
import { AppError } from "../../../platform/errors/app.error.ts";

/** One filter: whole words in any case, or an RE2 expression. */
export interface FilterRule {
  kind: "literal" | "pattern";
  expression: string;
}

/** Says whether a text is caught. Linear in the length of the text. */
export type FilterMatcher = (text: string) => boolean;

/** Instructions of a compiled pattern: what 4,000 characters cost stays within milliseconds. */
const largestPattern = 1500;

/**
 * Letters of other scripts that look like Latin ones. They count as those only inside words that hold Latin letters,
 * too: words that are wholly of another script stay what they are.
 */
const lookAlikes = new Map(
  Object.entries({
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    с: "c",
    у: "y",
    х: "x",
    і: "i",
    ј: "j",
    ѕ: "s",
    һ: "h",
    ԁ: "d",
    ԛ: "q",
    ԝ: "w",
    к: "k",
    м: "m",
    т: "t",
    в: "b",
    н: "h",
    α: "a",
    ο: "o",
    ρ: "p",
    ν: "v",
    ι: "i",
    κ: "k",
    τ: "t",
    υ: "u",
    χ: "x",
    ε: "e",
    ı: "i",
    ɑ: "a",
    ɡ: "g",
  }),
);

/** What is not seen: soft hyphens, joiners, marks of direction, variation selectors, and accents that stand alone. */
const unseen = /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|[\u0300-\u036f]/gu;

/** Brings texts that read the same to the same form: compatibility forms, case, unseen characters, look-alikes, blanks. */
export function foldText(text: string): string {
  const plain = text.normalize("NFKC").replace(unseen, "").toLowerCase().replace(/\s+/gu, " ");
  return plain.replace(/[\p{L}\p{N}_]+/gu, foldMixedWord).trim();
}

function foldMixedWord(word: string): string {
  if (!/[a-z]/.test(word)) return word;
  return word.replace(/\P{ASCII}/gu, (letter) => lookAlikes.get(letter) ?? letter);
}

/** Compiles rules into one matcher. Throws `filter.invalid_pattern` for a rule that cannot be used. */
export function compileFilters(rules: readonly FilterRule[]): FilterMatcher {
  const literals = rules.filter((rule) => rule.kind === "literal").map((rule) => foldLiteral(rule.expression));
  const patterns = rules.filter((rule) => rule.kind === "pattern").map((rule) => compilePattern(rule.expression));
  const words = literals.length === 0 ? undefined : new RegExp(literals.map(wholeWord).join("|"), "u");
  return (text) => {
    if (words?.test(foldText(text))) return true;
    if (patterns.length === 0) return false;
    const plain = text.normalize("NFKC").replace(unseen, "");
    return patterns.some((pattern) => pattern.test(plain));
  };
}

function foldLiteral(expression: string): string {
  const folded = foldText(expression);
  if (folded === "") throw new AppError("filter.invalid_pattern", "The filter holds nothing that can be seen.");
  return folded;
}

/** Escaped text cannot repeat itself, so that an alternation of literals stays linear in the text. */
function wholeWord(literal: string): string {
  const escaped = literal.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
  const before = /^[\p{L}\p{N}_]/u.test(literal) ? "(?<![\\p{L}\\p{N}_])" : "";
  const after = /[\p{L}\p{N}_]$/u.test(literal) ? "(?![\\p{L}\\p{N}_])" : "";
  return `${before}${escaped}${after}`;
}

function compilePattern(expression: string): RE2JS {
  const pattern = parsePattern(expression);
  if (pattern.programSize() > largestPattern) {
    throw new AppError("filter.invalid_pattern", "The pattern is too large.");
  }
  if (pattern.test("")) throw new AppError("filter.invalid_pattern", "The pattern would catch every message.");
  return pattern;
}

function parsePattern(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "").replace(/`/g, "") : "";
    throw new AppError("filter.invalid_pattern", `The pattern is not a valid RE2 expression: ${reason.slice(0, 120)}`);
  }
}
