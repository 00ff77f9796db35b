import { snippetMarks } from "@foyer/protocol/constants";
import type { SearchTerms } from "./search.store.ts";

/**
 * Reads what somebody typed. Text in double quotes is a phrase; a quote that is not closed reaches to the end.
 * Everything else that is no letter or digit only parts words: no sign has a meaning, so that nothing typed can be a
 * mistake or an instruction to the database.
 */
export function parseSearch(text: string): SearchTerms {
  const terms: string[][] = [];
  const parts = text.normalize("NFKC").split('"');
  for (const [index, part] of parts.entries()) {
    const words = part.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
    if (words.length === 0) continue;
    if (index % 2 === 1) terms.push([...words]);
    else terms.push(...words.map((word) => [word]));
  }
  // A phrase that was closed is meant as it stands.
  const closed = parts.length % 2 === 1 && parts.length > 1 && parts.at(-1)?.trim() === "";
  return { terms, prefix: !closed };
}

/** Signs around what was found. */
const { start: markStart, end: markEnd } = snippetMarks;

/** Characters of a snippet, about. */
const snippetLength = 160;

/**
 * A piece of the text around the first match, with every match between U+E000 and U+E001. Plain text, never markup.
 * What the database matched by rules of its own (accents) may stay unmarked.
 */
export function makeSnippet(body: string, { terms, prefix }: SearchTerms): string {
  const text = body
    .replace(/[\ue000\ue001]/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
  const wanted = new Set(terms.flat().map(fold));
  const last = terms.at(-1)?.at(-1);
  const beginning = prefix && last !== undefined ? fold(last) : undefined;
  const matches = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu)].filter(({ 0: word }) => {
    const folded = fold(word);
    return wanted.has(folded) || (beginning !== undefined && folded.startsWith(beginning));
  });
  const from = startNear(text, matches[0]?.index ?? 0);
  const to = endNear(text, from + snippetLength);
  let snippet = from > 0 ? "…" : "";
  let at = from;
  for (const { 0: word, index } of matches) {
    if (index < from || index + word.length > to) continue;
    snippet += `${text.slice(at, index)}${markStart}${word}${markEnd}`;
    at = index + word.length;
  }
  return `${snippet}${text.slice(at, to)}${to < text.length ? "…" : ""}`.toWellFormed();
}

/** The beginning of a word some way before `index`. */
function startNear(text: string, index: number): number {
  const lead = 40;
  if (index <= lead) return 0;
  const blank = text.indexOf(" ", index - lead);
  return blank === -1 || blank >= index ? index : blank + 1;
}

function endNear(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const blank = text.lastIndexOf(" ", index);
  return blank > index - 40 ? blank : index;
}

function fold(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
