import type { Logger } from "pino";
import type { Clock } from "../../../platform/clock/clock.ts";
import type { StreamEvents } from "./inbox.ts";
import type { TwitchApi } from "./twitch.port.ts";
import type { UnrecordedStream, WatchStore } from "./watch.store.ts";

/** Looks for the recordings of streams that have ended. */
export interface Recordings {
  /** One turn: asks for those that are due. Never throws. */
  turn(): Promise<void>;
}

export interface RecordingsDeps {
  store: Pick<WatchStore, "unrecorded">;
  streams: StreamEvents;
  api: Pick<TwitchApi, "recording">;
  clock: Clock;
  log: Logger;
}

/** How long after the end it is asked for, in milliseconds. Who keeps no recordings costs no more than this. */
const asks = [0, 30_000, 120_000, 600_000, 1_800_000, 7_200_000] as const;
const LONGEST = 4 * 3_600_000;
const TURN_MS = 5000;

export function createRecordings({ store, streams, api, clock, log }: RecordingsDeps): Recordings {
  /** How often a stream was asked for, by its id. */
  const asked = new Map<string, number>();
  let turnAt = 0;

  async function ask({ twitchId, twitchStreamId, endedAt }: UnrecordedStream): Promise<void> {
    const now = clock.now();
    const count = asked.get(twitchStreamId) ?? 0;
    const after = asks[count];
    if (after === undefined || now < endedAt + after) return;
    // After a pause of the server what was due meanwhile is asked for once.
    asked.set(twitchStreamId, asks.filter((each) => now >= endedAt + each).length);
    const vodUrl = await api.recording(twitchId, twitchStreamId);
    if (vodUrl === undefined) return;
    await streams.apply({ kind: "recording", twitchId, eventAt: now, heardAt: now, twitchStreamId, vodUrl });
  }

  return {
    async turn() {
      const now = clock.now();
      if (now < turnAt) return;
      turnAt = now + TURN_MS;
      try {
        const ended = await store.unrecorded(now - LONGEST);
        const isThere = new Set(ended.map(({ twitchStreamId }) => twitchStreamId));
        for (const id of asked.keys()) if (!isThere.has(id)) asked.delete(id);
        for (const stream of ended) await ask(stream);
      } catch (error) {
        log.warn({ err: error }, "a recording could not be asked for");
      }
    },
  };
}
