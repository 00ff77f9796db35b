/**
 * Text of strangers as one plain line: no control characters, no direction overrides, no line breaks, no joiners that
 * hide something, at most `most` UTF-16 units.
 */
export function plainLine(text: string, most = 1000): string {
  return cutAtGrapheme(
    text
      .normalize("NFC")
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
      .replace(/[\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu, "")
      .replace(/\s+/g, " ")
      .trim(),
    most,
  );
}

/** Stands behind a sign that would begin something, and is not seen. */
const zeroWidth = "\u200b";

/**
 * The same as Discord's Markdown: shown as it is, whatever stands in it. Signs of Markdown are escaped; a backtick,
 * which no backslash escapes inside code, becomes its twin; an `@` is kept apart from what follows, so that nothing
 * looks like a mention; an address is broken, so that no stranger's link is made.
 */
export function escapeForDiscord(text: string): string {
  return plainLine(text)
    .replaceAll("`", "\u02cb")
    .replace(/[\\*_~|>#\-+[\](){}<!]/g, "\\$&")
    .replace(/(^|\s)(\d+)([.)])/g, "$1$2\\$3")
    .replaceAll("@", `@${zeroWidth}`)
    .replace(/([a-z][a-z\d]*):\/\//gi, `$1:${zeroWidth}//`);
}

/** The same for a room of this server, whose Markdown also knows tables, `&` and addresses without a scheme. */
export function escapeForRoom(text: string): string {
  return escapeForDiscord(text)
    .replaceAll("&", "\\&")
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}${zeroWidth}.`)
    .replace(/(\S)\.(?=\p{L})/gu, `$1.${zeroWidth}`);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At most `most` UTF-16 units, cut between what a reader sees as characters, with an ellipsis where it was cut. */
export function cutAtGrapheme(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 0) return "";
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  // A backslash whose sign was cut off would escape what follows.
  const slashes = /\\+$/.exec(kept)?.[0].length ?? 0;
  return `${slashes % 2 === 1 ? kept.slice(0, -1) : kept}…`;
}
