const markdownSigns =
  /[*_`~#>[\]<|\\&]|https?:|www\.|@\S+\.\S|(?:^|\n)\s*(?:[-+]|\d+[.)])\s|\n(?: {4}|\t)|\n\s*[-=]{2,}|(?:^|\n)\s*-{3,}/i;
const emojiOnly = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;

/** True when Markdown would change nothing but line breaks, so that the text can be shown as it is. */
export function isPlain(text: string): boolean {
  return !markdownSigns.test(text);
}

/** True for one to six emoji and nothing else: shown larger. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 64 && emojiOnly.test(text.trim());
}

/** True when a fenced block of code may be inside, which wants highlighting. */
export function hasCode(text: string): boolean {
  return /(?:^|\n)\s*(?:```|~~~)/.test(text);
}
