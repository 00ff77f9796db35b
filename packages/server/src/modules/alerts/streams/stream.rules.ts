import type { StreamDetails, StreamEvent } from "../alerts.types.ts";
import { channelOnly, nothingKnown, withChannel, withTold } from "./stream.details.ts";
import type { KnownStreams, StreamChange, StreamNews, StreamState, StreamsPlan } from "./stream.state.types.ts";

/** Twitch's answers are cached: for so long after an end it may still call the stream live. Milliseconds. */
const answersLagMs = 180_000;
/** Ends that differ by less are told alike. */
const sameEndMs = 1_000;

/**
 * What an event changes about a broadcaster's streams. The state of each stream follows from everything that was
 * heard, not from the order in which it came: from the signs of its life, from all ends, and from the stream after it.
 */
export function planOf(known: KnownStreams, event: StreamEvent, newId: () => string): StreamsPlan {
  const ends = event.kind === "offline" ? withEnd(known.ends, event.eventAt) : known.ends;
  const told = signsAdded(known.streams, event, newId);
  const lived = told.map((stream, index) => ({ ...stream, ...lifeOf(stream, ends, told[index + 1]?.startedAt) }));
  const channel = event.kind === "offline" || event.kind === "recording" ? known.channel : channelOf(known, event);
  const detailed = lived.map((stream, index) => detailsAdded(stream, event, channel, index === lived.length - 1));
  const before = new Map(known.streams.map((stream) => [stream.streamId, stream]));
  const changes = detailed.flatMap((stream): StreamChange[] => {
    const old = before.get(stream.streamId);
    if (old === undefined) return [{ stream, news: "started" }];
    const news = newsOf(old, stream);
    if (news !== null) return [{ stream: { ...stream, revision: old.revision + 1 }, news }];
    return JSON.stringify(old) === JSON.stringify(stream) ? [] : [{ stream, news }];
  });
  return { streams: detailed, changes, end: event.kind === "offline" ? event.eventAt : undefined, channel };
}

function withEnd(ends: readonly number[], end: number): number[] {
  return [...new Set([...ends, end])].sort((a, b) => a - b);
}

/** The streams with the sign of life that the event is, a new one included. */
function signsAdded(streams: readonly StreamState[], event: StreamEvent, newId: () => string): StreamState[] {
  if (event.kind === "details") {
    return streams.map((stream) =>
      stream.twitchStreamId === event.twitchStreamId
        ? {
            ...stream,
            seenAt: Math.max(stream.seenAt, event.eventAt),
            checkedAt: Math.max(stream.checkedAt, event.heardAt),
          }
        : stream,
    );
  }
  if (event.kind !== "online") return [...streams];
  if (streams.some(({ twitchStreamId }) => twitchStreamId === event.twitchStreamId)) {
    return streams.map((stream) =>
      stream.twitchStreamId === event.twitchStreamId
        ? { ...stream, onlineAt: Math.max(stream.onlineAt, event.eventAt) }
        : stream,
    );
  }
  const started: StreamState = {
    streamId: newId(),
    twitchStreamId: event.twitchStreamId,
    state: "live",
    revision: 1,
    details: nothingKnown,
    peakViewers: null,
    vodUrl: null,
    startedAt: event.startedAt,
    endedAt: null,
    onlineAt: event.eventAt,
    seenAt: 0,
    heardAt: event.heardAt,
    checkedAt: event.heardAt,
  };
  return [...streams, started].sort((a, b) => a.startedAt - b.startedAt || (a.streamId < b.streamId ? -1 : 1));
}

/** Whether a stream is live. One after which another began is not; where no end was told, it ended when last seen. */
function lifeOf(
  { onlineAt, seenAt }: StreamState,
  ends: readonly number[],
  nextStartedAt = Infinity,
): Pick<StreamState, "state" | "endedAt"> {
  const end = ends.find((each) => each >= onlineAt && each <= nextStartedAt && seenAt < each + answersLagMs);
  if (end !== undefined) return { state: "ended", endedAt: end };
  if (nextStartedAt === Infinity) return { state: "live", endedAt: null };
  return { state: "ended", endedAt: Math.min(nextStartedAt, Math.max(onlineAt, seenAt)) };
}

function channelOf(known: KnownStreams, event: StreamEvent & { details: StreamDetails }) {
  return channelOnly(withTold(known.channel, event.details, event.eventAt));
}

/** The stream with what the event tells of it, unless that was after its end. */
function detailsAdded(
  stream: StreamState,
  event: StreamEvent,
  channel: KnownStreams["channel"],
  isLatest: boolean,
): StreamState {
  if (event.kind === "offline") return stream;
  const isMeant =
    "twitchStreamId" in event && event.twitchStreamId !== undefined
      ? event.twitchStreamId === stream.twitchStreamId
      : isLatest;
  if (!isMeant) return stream;
  if (event.kind === "recording") return { ...stream, vodUrl: event.vodUrl };
  const until = stream.endedAt ?? Infinity;
  const own = event.eventAt <= until ? withTold(stream.details, event.details, event.eventAt) : stream.details;
  const details = withChannel(own, channel, until);
  const viewers = event.eventAt <= until ? event.details.viewers : undefined;
  if (viewers === undefined) return { ...stream, details };
  return { ...stream, details, peakViewers: Math.max(stream.peakViewers ?? 0, viewers) };
}

function newsOf(old: StreamState, stream: StreamState): StreamNews | null {
  if (old.state !== stream.state) return stream.state === "ended" ? "ended" : "resumed";
  const differs = (name: "title" | "game") => old.details[name] !== stream.details[name];
  // What was not known before is nobody's change.
  const isRetitled = (["title", "game"] as const).some((name) => old.details.at[name] !== undefined && differs(name));
  if (stream.state === "live") {
    if (isRetitled) return "retitled";
    // The first answer of Twitch completes the alert; later counts are shown with the next change.
    const isFirst = old.details.viewers === null && stream.details.viewers !== null;
    return isFirst || differs("title") || differs("game") ? "retold" : null;
  }
  const isOtherEnd = Math.abs((old.endedAt ?? 0) - (stream.endedAt ?? 0)) >= sameEndMs;
  return differs("title") || differs("game") || isOtherEnd || old.vodUrl !== stream.vodUrl ? "retold" : null;
}
