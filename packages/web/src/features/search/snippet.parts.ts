import { snippetMarks } from "@foyer/protocol/constants";

/** One run of a search snippet. `marked` runs matched the query. */
export interface SnippetPart {
  text: string;
  marked: boolean;
}

/**
 * Splits a snippet at its marks into runs of plain text, so that it can be rendered without HTML. Marks that
 * have no partner never swallow text: an open one marks up to the end, a lone closing one is dropped.
 */
export function snippetParts(snippet: string): SnippetPart[] {
  const { start, end } = snippetMarks;
  const parts: SnippetPart[] = [];
  let marked = false;
  let rest = snippet;
  const push = (text: string) => {
    if (text !== "") parts.push({ text, marked });
  };
  while (rest !== "") {
    const opening = rest.indexOf(start);
    const closing = rest.indexOf(end);
    const next = opening === -1 ? closing : closing === -1 ? opening : Math.min(opening, closing);
    if (next === -1) break;
    push(rest.slice(0, next));
    const isOpening = next === opening;
    rest = rest.slice(next + (isOpening ? start.length : end.length));
    marked = isOpening;
  }
  push(rest);
  return parts;
}
