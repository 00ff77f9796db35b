import type { StreamDetails } from "../alerts.types.ts";

/** Details that are told with a time: the newest telling counts, in whatever order they come. */
export interface KnownDetails {
  title: string;
  game: string;
  language: string;
  tags: readonly string[];
  viewers: number | null;
  thumbnailUrl: string | null;
  /** When each of them was so, in milliseconds since 1970. What is not here is not known. */
  at: Partial<Record<DetailName, number>>;
}

export type DetailName = "title" | "game" | "language" | "tags" | "viewers" | "thumbnailUrl";

/** What a channel keeps from one stream to the next. */
const ofChannel = ["title", "game", "language", "tags"] as const;
const all = [...ofChannel, "viewers", "thumbnailUrl"] as const;

export const nothingKnown: KnownDetails = {
  title: "",
  game: "",
  language: "",
  tags: [],
  viewers: null,
  thumbnailUrl: null,
  at: {},
};

/** `known` with what was told at `at`, where that is not older. */
export function withTold(known: KnownDetails, told: StreamDetails, at: number): KnownDetails {
  return merged(known, all, (name) => ({ value: told[name], at }));
}

/** `known` with what is known of the channel, as far as it is newer and not of after `until`. */
export function withChannel(known: KnownDetails, channel: KnownDetails, until: number): KnownDetails {
  return merged(known, ofChannel, (name) => {
    const at = channel.at[name];
    return at === undefined || at > until ? undefined : { value: channel[name], at };
  });
}

/** What of `known` holds for the channel, also when the stream is over. */
export function channelOnly(known: KnownDetails): KnownDetails {
  return merged(nothingKnown, ofChannel, (name) => {
    const at = known.at[name];
    return at === undefined ? undefined : { value: known[name], at };
  });
}

type Told = { value: string | number | readonly string[] | null | undefined; at: number } | undefined;

function merged(known: KnownDetails, names: readonly DetailName[], told: (name: DetailName) => Told): KnownDetails {
  const next: KnownDetails = { ...known, at: { ...known.at } };
  for (const name of names) {
    const news = told(name);
    if (news?.value === undefined || news.value === null || news.at < (known.at[name] ?? -Infinity)) continue;
    Object.assign(next, { [name]: news.value });
    next.at[name] = news.at;
  }
  return next;
}
