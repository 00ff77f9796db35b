import type { Announced } from "./subscriptions.store.ts";

/** A stream that is taken for live. `seenAt` 0: Get Streams has not shown it yet. */
export interface WatchedStream extends Announced {
  twitchStreamId: string;
  heardAt: number;
  seenAt: number;
}

/** A stream that has ended and whose recording is not known. */
export interface UnrecordedStream {
  twitchId: string;
  twitchStreamId: string;
  endedAt: number;
}

/** What looking at Twitch needs to know of what is known. Reads only. */
export interface WatchStore {
  live(): Promise<WatchedStream[]>;
  /** Ids of those of the streams that are known, whatever became of them. */
  known(streams: readonly { twitchId: string; twitchStreamId: string }[]): Promise<Set<string>>;
  /** Of streams that ended after `since`. */
  unrecorded(since: number): Promise<UnrecordedStream[]>;
  /** Whose channel was said to have changed after `since`, by Twitch's id. */
  updated(since: number): Promise<Set<string>>;
}
