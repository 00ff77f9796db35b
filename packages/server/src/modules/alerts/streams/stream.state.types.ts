import type { KnownDetails } from "./stream.details.ts";

/** All that is kept of one stream. Times are milliseconds since 1970. */
export interface StreamState {
  streamId: string;
  twitchStreamId: string;
  state: "live" | "ended";
  revision: number;
  details: KnownDetails;
  peakViewers: number | null;
  vodUrl: string | null;
  startedAt: number;
  endedAt: number | null;
  /** Newest sign by EventSub that it is live; of a stream that was found by asking, its beginning. */
  onlineAt: number;
  /** Newest answer of Twitch that it is live; 0: none. */
  seenAt: number;
  heardAt: number;
  checkedAt: number;
}

/** What is known of a broadcaster's streams, as far as an event can matter to it. */
export interface KnownStreams {
  /** By `startedAt`, earliest first. */
  streams: readonly StreamState[];
  /** Times of all ends that were heard of, earliest first. */
  ends: readonly number[];
  channel: KnownDetails;
}

/**
 * What an event makes of a stream, as its alerts see it. `retitled`: title or game changed. `retold`: something else
 * that is shown, without anybody having changed it.
 */
export type StreamNews = "started" | "ended" | "resumed" | "retold" | "retitled";

/** What is to be written. `news` is null where alerts show nothing of the change. */
export interface StreamChange {
  stream: StreamState;
  news: StreamNews | null;
}

/** Everything that an event changes, at once. */
export interface StreamsPlan {
  /** All streams as they are then, by `startedAt`. */
  streams: readonly StreamState[];
  changes: readonly StreamChange[];
  /** An end to be kept. */
  end: number | undefined;
  channel: KnownDetails;
}
