import type { Insertable, Selectable } from "kysely";
import type { AlertsTables } from "../alerts.tables.ts";
import type { Stream } from "../alerts.types.ts";
import type { KnownDetails } from "./stream.details.ts";
import type { StreamState } from "./stream.state.types.ts";

export type StreamRow = Selectable<AlertsTables["streams"]>;

/** A row of `streams` as the rules see it. */
export function stateOfRow(row: StreamRow): StreamState {
  const details: KnownDetails = {
    title: row.title,
    game: row.game,
    language: row.language,
    tags: JSON.parse(row.tags) as string[],
    viewers: row.viewers,
    thumbnailUrl: row.thumbnail_url,
    at: JSON.parse(row.known_at) as KnownDetails["at"],
  };
  return {
    streamId: row.stream_id,
    twitchStreamId: row.twitch_stream_id,
    state: row.state,
    revision: row.revision,
    details,
    peakViewers: row.peak_viewers,
    vodUrl: row.vod_url,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    onlineAt: row.online_at,
    seenAt: row.seen_at,
    heardAt: row.heard_at,
    checkedAt: row.checked_at,
  };
}

/** The row that keeps a stream of this broadcaster. */
export function rowOfState(broadcasterId: string, stream: StreamState): Insertable<AlertsTables["streams"]> {
  const { details } = stream;
  return {
    stream_id: stream.streamId,
    broadcaster_id: broadcasterId,
    twitch_stream_id: stream.twitchStreamId,
    state: stream.state,
    revision: stream.revision,
    title: details.title,
    game: details.game,
    language: details.language,
    tags: JSON.stringify(details.tags),
    viewers: details.viewers,
    peak_viewers: stream.peakViewers,
    thumbnail_url: details.thumbnailUrl,
    vod_url: stream.vodUrl,
    started_at: stream.startedAt,
    ended_at: stream.endedAt,
    online_at: stream.onlineAt,
    seen_at: stream.seenAt,
    heard_at: stream.heardAt,
    checked_at: stream.checkedAt,
    known_at: JSON.stringify(details.at),
  };
}

/** A row of `streams` as everybody else sees it. */
export function streamOfRow(row: StreamRow): Stream {
  return {
    streamId: row.stream_id,
    broadcasterId: row.broadcaster_id,
    twitchStreamId: row.twitch_stream_id,
    state: row.state,
    revision: row.revision,
    title: row.title,
    game: row.game,
    language: row.language,
    tags: JSON.parse(row.tags) as string[],
    viewers: row.viewers,
    peakViewers: row.peak_viewers,
    thumbnailUrl: row.thumbnail_url,
    vodUrl: row.vod_url,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
