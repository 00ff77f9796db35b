/**
 * The login that somebody typed: a name, `@name`, or the address of a channel with whatever stands behind it.
 * Undefined: it can be nobody's.
 */
export function channelName(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^(?:https?:\/\/)?(?:www\.|m\.|go\.)?twitch\.tv\//i, "")
    .replace(/^@/, "")
    .replace(/[/?#].*$/s, "")
    .toLowerCase();
  return /^[a-z0-9_]{2,25}$/.test(bare) ? bare : undefined;
}
