/** What is being typed at the caret: a mention or an emoji's short name, and where it stands in the text. */
export interface CompletionToken {
  kind: "mention" | "emoji";
  /** What was typed after the sign, in small letters. */
  query: string;
  start: number;
  end: number;
}

const mention = /(?:^|[^\p{L}\p{N}_@.\-/])@([a-z0-9_.-]{0,32})$/iu;
const emoji = /(?:^|[^\p{L}\p{N}:])(:[a-z0-9_+-]{2,40})$/iu;
const finished = /(?:^|[^\p{L}\p{N}:]):([a-z0-9_+-]{1,40}):$/iu;

/** The unfinished mention (`@ma`) or emoji (`:smi`, two letters at least) that ends at the caret, if any. */
export function completionAt(text: string, caret: number): CompletionToken | undefined {
  const before = lineBefore(text, caret);
  if (insideCode(text, caret)) return undefined;
  const found = mention.exec(before);
  if (found !== null) {
    const query = found[1] ?? "";
    return { kind: "mention", query: query.toLowerCase(), start: caret - query.length - 1, end: caret };
  }
  const short = emoji.exec(before)?.[1];
  if (short === undefined) return undefined;
  return { kind: "emoji", query: short.slice(1).toLowerCase(), start: caret - short.length, end: caret };
}

/** The finished short name (`:smile:`) that ends at the caret, if any. */
export function shortcodeAt(text: string, caret: number): { name: string; start: number; end: number } | undefined {
  if (insideCode(text, caret)) return undefined;
  const name = finished.exec(lineBefore(text, caret))?.[1];
  return name === undefined ? undefined : { name: name.toLowerCase(), start: caret - name.length - 2, end: caret };
}

/** Puts `insert` in place of a part of the text; the caret goes behind it. */
export function replaceRange(
  text: string,
  range: { start: number; end: number },
  insert: string,
): { text: string; caret: number } {
  return { text: text.slice(0, range.start) + insert + text.slice(range.end), caret: range.start + insert.length };
}

function lineBefore(text: string, caret: number): string {
  return text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
}

/** True between backticks on one line, or after a fence that is still open. */
function insideCode(text: string, caret: number): boolean {
  const before = text.slice(0, caret);
  const fences = before.match(/^ {0,3}```/gm)?.length ?? 0;
  if (fences % 2 === 1) return true;
  return ((lineBefore(text, caret).match(/`/g)?.length ?? 0) & 1) === 1;
}
