import { AppError } from "../../../platform/errors/app.error.ts";

/** Handles that one message can mention: more would be a way to shout at everybody. */
const maxMentions = 25;
/** Characters of a message that a reply shows. */
const excerptCharacters = 140;

/**
 * The text as it is kept: line ends as `\n`, no trailing white space, no control characters but tab and line feed,
 * composed (NFC). Throws `message.empty`, or `message.too_long` when it has more than `maxCharacters` characters
 * (code points, as people count; 0 means unlimited).
 */
export function normalizeText(text: string, maxCharacters: number): string {
  const normal = text
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\t\n])\p{Cc}/gu, "")
    .toWellFormed()
    .normalize("NFC")
    .trimEnd();
  if (normal.trim() === "") throw new AppError("message.empty", "A message needs some text.");
  if (maxCharacters > 0 && normal.length > maxCharacters && countCharacters(normal) > maxCharacters) {
    throw new AppError("message.too_long", `A message has at most ${maxCharacters} characters.`);
  }
  return normal;
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** `@handle` words outside of code, in lower case, each once, at most 25; `room` tells of `@room`. */
export function mentionedHandles(text: string): { handles: string[]; room: boolean } {
  if (!text.includes("@")) return { handles: [], room: false };
  const prose = text.replace(/```[\s\S]*?(?:```|$)/g, " ").replace(/`[^`\n]*`/g, " ");
  const handles = new Set<string>();
  for (const match of prose.matchAll(/(?<![\p{L}\p{N}_.@/-])@([a-z0-9](?:[a-z0-9_.-]{0,30}[a-z0-9]))/giu)) {
    handles.add((match[1] ?? "").toLowerCase());
    if (handles.size > maxMentions) break;
  }
  const room = handles.delete("room");
  return { handles: [...handles].slice(0, maxMentions), room };
}

/** The beginning of a text in one line, for previews. */
export function excerpt(text: string): string {
  const line = text
    .slice(0, excerptCharacters * 4)
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= excerptCharacters ? line : `${characters.slice(0, excerptCharacters - 1).join("")}…`;
}
