import type { LiveRoom, Streamer } from "@foyer/protocol";

/** Somebody who is live. */
export type LiveStreamer = Streamer & { live: NonNullable<Streamer["live"]> };

/** Who is live where this room announces them, the newest first. */
export function liveIn(roomId: string, all: readonly LiveRoom[]): LiveStreamer[] {
  return all
    .filter((each) => each.roomId === roomId)
    .flatMap(({ streamer }) => (streamer.live === null ? [] : [{ ...streamer, live: streamer.live }]))
    .sort((a, b) => b.live.startedAt.localeCompare(a.live.startedAt) || a.login.localeCompare(b.login));
}

/** Whole minutes since then; a clock that is behind the server's says none. */
export function minutesSince(startedAt: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(startedAt)) / 60_000));
}

/** Who came and who went between two looks, by the names that are shown. */
export function changesOf(before: readonly LiveStreamer[], after: readonly LiveStreamer[]) {
  const missing = (from: readonly LiveStreamer[], among: readonly LiveStreamer[]) =>
    from
      .filter(({ streamerId }) => !among.some((other) => other.streamerId === streamerId))
      .map(({ displayName }) => displayName);
  return { began: missing(after, before), ended: missing(before, after) };
}
