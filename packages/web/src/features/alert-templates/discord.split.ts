/** A piece of a text in Discord's own marks. */
export type DiscordPart =
  | { kind: "text"; text: string }
  | { kind: "mention"; what: "role" | "member" | "channel" | "everyone"; text: string; id: string }
  | { kind: "time"; seconds: number; style: string }
  | { kind: "spoiler"; text: string };

const mark =
  /<@&(?<role>\d{1,20})>|<@!?(?<member>\d{1,20})>|<#(?<channel>\d{1,20})>|<t:(?<seconds>-?\d{1,12})(?::(?<style>[tTdDfFR]))?>|\|\|(?<spoiler>.+?)\|\||(?<everyone>@everyone|@here)/gsu;

/** Splits running text at what only Discord knows: mentions, timestamps, spoilers. The rest is left as it is. */
export function splitDiscord(text: string): DiscordPart[] {
  const parts: DiscordPart[] = [];
  let last = 0;
  for (const match of text.matchAll(mark)) {
    if (match.index > last) parts.push({ kind: "text", text: text.slice(last, match.index) });
    parts.push(partOf(match[0], match.groups ?? {}));
    last = match.index + match[0].length;
  }
  if (last < text.length) parts.push({ kind: "text", text: text.slice(last) });
  return parts;
}

function partOf(found: string, groups: Record<string, string | undefined>): DiscordPart {
  const { seconds, style, spoiler } = groups;
  if (seconds !== undefined) return { kind: "time", seconds: Number(seconds), style: style ?? "f" };
  if (spoiler !== undefined) return { kind: "spoiler", text: spoiler };
  const what = (["role", "member", "channel"] as const).find((each) => groups[each] !== undefined) ?? "everyone";
  return { kind: "mention", what, text: found, id: groups[what] ?? "" };
}
