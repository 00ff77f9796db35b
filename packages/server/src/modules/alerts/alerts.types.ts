/** A person who broadcasts on Twitch. `broadcasterId` is Foyer's, `twitchId` Twitch's user id. */
export interface Broadcaster {
  broadcasterId: string;
  twitchId: string;
  login: string;
  displayName: string;
  avatarUrl: string | null;
}

/**
 * One stream of Twitch, as far as it is known. Where a short interruption made Twitch count a new stream, the alert of
 * the old one may go on to tell of the new one: that is the delivery's matter, since each guild has its own window.
 * Times are milliseconds since 1970. `revision` rises with every change that an alert shows.
 */
export interface Stream {
  streamId: string;
  broadcasterId: string;
  twitchStreamId: string;
  state: "live" | "ended";
  revision: number;
  title: string;
  game: string;
  language: string;
  tags: readonly string[];
  viewers: number | null;
  peakViewers: number | null;
  thumbnailUrl: string | null;
  vodUrl: string | null;
  startedAt: number;
  endedAt: number | null;
}

/** What is known of a stream beyond that it is live. What is undefined is not known, and changes nothing. */
export interface StreamDetails {
  title?: string | undefined;
  game?: string | undefined;
  language?: string | undefined;
  tags?: readonly string[] | undefined;
  viewers?: number | undefined;
  thumbnailUrl?: string | undefined;
}

/**
 * Something that was heard of a broadcaster, in order or not, once or again. `eventAt`: Twitch's timestamp; `heardAt`:
 * when it was stored here. Both in milliseconds since 1970.
 */
export type StreamEvent = { twitchId: string; eventAt: number; heardAt: number } /**
 * A stream of the type `live` began, or goes on. Where it was found by asking Twitch, `eventAt` is `startedAt`: an
 * alert that comes late because its event was lost shall count as late.
 */ & (
  | { kind: "online"; twitchStreamId: string; startedAt: number; details: StreamDetails }
  /**
   * With a stream's id: Twitch, asked at `eventAt`, says that it is live. Since such answers may be minutes old, one
   * does not make a stream live again whose end was told less than three minutes before. Without: about the channel.
   */
  | { kind: "details"; twitchStreamId?: string | undefined; details: StreamDetails }
  /** Ended, or was not live when Twitch was asked at `eventAt`. */
  | { kind: "offline" }
  /** After the end: Twitch's recording. */
  | { kind: "recording"; twitchStreamId: string; vodUrl: string }
);
