/** A piece of text: plain, or a mention of a handle (`room` is everybody). */
export interface TextPart {
  text: string;
  mention?: string;
}

const mention = /(?<![\p{L}\p{N}_@.\-/])@([a-z0-9](?:[a-z0-9_.-]{0,30}[a-z0-9])?)/giu;

/** Splits text at `@handle`. A mention stands at a beginning or after something that is not part of a word. */
export function splitMentions(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let last = 0;
  for (const match of text.matchAll(mention)) {
    const handle = (match[1] ?? "").toLowerCase();
    if (handle.length < 2) continue;
    if (match.index > last) parts.push({ text: text.slice(last, match.index) });
    parts.push({ text: match[0], mention: handle });
    last = match.index + match[0].length;
  }
  if (last < text.length) parts.push({ text: text.slice(last) });
  return parts;
}
