/** An emoji and the short name that it is found by. */
export interface NamedEmoji {
  name: string;
  emoji: string;
}

const most = 8;

/** Turns emojibase's table of short names by code points (`1F600`) into emoji. */
export function namedEmoji(table: Record<string, string | readonly string[]>): NamedEmoji[] {
  return Object.entries(table).flatMap(([hexcode, names]) => {
    const emoji = emojiOf(hexcode);
    return (typeof names === "string" ? [names] : names).map((name) => ({ name, emoji }));
  });
}

function emojiOf(hexcode: string): string {
  const points = hexcode.split("-").map((point) => Number.parseInt(point, 16));
  const emoji = String.fromCodePoint(...points);
  // A lone sign such as ❤ is text unless it is asked for as an emoji.
  return points.length === 1 && !/^\p{Emoji_Presentation}/u.test(emoji) ? `${emoji}\ufe0f` : emoji;
}

/** Emoji whose name begins with the query, then those that hold it; at most eight. */
export function findEmoji(all: readonly NamedEmoji[], query: string): NamedEmoji[] {
  const starts = all.filter((item) => item.name.startsWith(query)).sort((a, b) => a.name.length - b.name.length);
  if (starts.length >= most) return starts.slice(0, most);
  const holds = all.filter((item) => !item.name.startsWith(query) && item.name.includes(query));
  return [...starts, ...holds].slice(0, most);
}

/** Fetches the short names from this server. */
export async function loadEmoji(signal: AbortSignal): Promise<NamedEmoji[]> {
  const answer = await fetch("/assets/emoji/en/shortcodes.json", { signal });
  if (!answer.ok) throw new Error(`short names of emoji answered ${answer.status}`);
  return namedEmoji((await answer.json()) as Record<string, string | string[]>);
}
