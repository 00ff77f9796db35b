import type { Preference, Preferences } from "@foyer/protocol";

/** What one chose in one server. */
export interface PreferenceGroup {
  guildId: string;
  guildName: string;
  items: Preference[];
}

/** Preferences by server, in the order in which they came; a query keeps those whose streamer or server has it. */
export function groupsOf(items: readonly Preference[], query = ""): PreferenceGroup[] {
  const wanted = query.trim().toLocaleLowerCase();
  const groups = new Map<string, PreferenceGroup>();
  for (const item of items) {
    const { guildId, guildName, streamer } = item;
    const names = [guildName, streamer.displayName, streamer.login];
    if (!names.some((name) => name.toLocaleLowerCase().includes(wanted))) continue;
    const group = groups.get(guildId) ?? { guildId, guildName, items: [] };
    group.items.push(item);
    groups.set(guildId, group);
  }
  return [...groups.values()];
}

/** Which preference is meant, and what of it changes. */
export interface PreferenceChange {
  guildId: string;
  streamerId: string;
  discord?: boolean;
  push?: boolean;
}

/** The preferences with one of them changed. */
export function withChange<P extends Preferences>(all: P, { guildId, streamerId, ...change }: PreferenceChange): P {
  return {
    ...all,
    items: all.items.map((item) =>
      item.guildId === guildId && item.streamer.streamerId === streamerId ? { ...item, ...change } : item,
    ),
  };
}

/** What undoes a change: the same parts as they are now. Undefined when the preference is not there. */
export function undoing(all: Preferences, change: PreferenceChange): PreferenceChange | undefined {
  const { guildId, streamerId } = change;
  const item = all.items.find((each) => each.guildId === guildId && each.streamer.streamerId === streamerId);
  if (item === undefined) return undefined;
  return {
    guildId,
    streamerId,
    ...(change.discord === undefined || item.discord === null ? {} : { discord: item.discord }),
    ...(change.push === undefined ? {} : { push: item.push }),
  };
}
