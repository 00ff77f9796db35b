const tones = 8;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Tone of an account, 1 to 8: the same for the same id everywhere and always. */
export function toneOf(accountId: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < accountId.length; index += 1) {
    hash = Math.imul(hash ^ accountId.charCodeAt(index), 16_777_619);
  }
  return ((hash >>> 0) % tones) + 1;
}

/** One or two letters for a name: the first of its first and last word, whole graphemes. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const first = firstGrapheme(words[0] ?? "?");
  const last = words.length > 1 ? firstGrapheme(words.at(-1) ?? "") : "";
  return `${first}${last}`.toUpperCase();
}

function firstGrapheme(word: string): string {
  for (const part of graphemes.segment(word)) return part.segment;
  return "";
}
