import type { GuildChannel } from "@foyer/protocol";

interface Choice {
  value: string;
  label: string;
}

/**
 * Channels as choices, grouped by category in the order that they came in; those without one stand first, by themselves.
 * `lacks` marks where the bot may not do all that it needs.
 */
export function channelGroups(
  channels: readonly GuildChannel[],
  lacks: string,
): (Choice | { group: string; items: Choice[] })[] {
  const loose: Choice[] = [];
  const groups = new Map<string, Choice[]>();
  for (const { channelId, name, category, missing } of channels) {
    const choice = { value: channelId, label: `#${name}${missing.length > 0 ? ` (${lacks})` : ""}` };
    if (category === null) loose.push(choice);
    else groups.set(category, [...(groups.get(category) ?? []), choice]);
  }
  return [...loose, ...[...groups].map(([group, items]) => ({ group, items }))];
}
