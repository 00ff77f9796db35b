import type { Database } from "../../../platform/db/database.ts";
import type { HearingTables } from "./hearing.tables.ts";
import type { WatchStore } from "./watch.store.ts";

/** Streams in one query. */
const PAGE = 200;

/** What is known of streams, in SQLite or Postgres. */
export function createWatchStore(database: Database): WatchStore {
  const db = database.tables<HearingTables>();
  const streams = () =>
    db.selectFrom("streams").innerJoin("broadcasters", "broadcasters.broadcaster_id", "streams.broadcaster_id");

  return {
    async live() {
      const rows = await streams()
        .where("streams.state", "=", "live")
        .select([
          "streams.broadcaster_id",
          "broadcasters.twitch_id",
          "streams.twitch_stream_id",
          "streams.heard_at",
          "streams.seen_at",
        ])
        .execute();
      return rows.map((row) => ({
        broadcasterId: row.broadcaster_id,
        twitchId: row.twitch_id,
        twitchStreamId: row.twitch_stream_id,
        heardAt: row.heard_at,
        seenAt: row.seen_at,
      }));
    },

    async known(asked) {
      const found = new Set<string>();
      for (let at = 0; at < asked.length; at += PAGE) {
        const page = asked.slice(at, at + PAGE);
        const rows = await streams()
          .select(["broadcasters.twitch_id", "streams.twitch_stream_id"])
          .where(
            "broadcasters.twitch_id",
            "in",
            page.map(({ twitchId }) => twitchId),
          )
          .where(
            "streams.twitch_stream_id",
            "in",
            page.map(({ twitchStreamId }) => twitchStreamId),
          )
          .execute();
        const pairs = new Set(page.map(pairOf));
        for (const { twitch_id: twitchId, twitch_stream_id: twitchStreamId } of rows) {
          if (pairs.has(pairOf({ twitchId, twitchStreamId }))) found.add(twitchStreamId);
        }
      }
      return found;
    },

    async unrecorded(since) {
      const rows = await streams()
        .where("streams.state", "=", "ended")
        .where("streams.vod_url", "is", null)
        .where("streams.ended_at", ">", since)
        .select(["broadcasters.twitch_id", "streams.twitch_stream_id", "streams.ended_at"])
        .execute();
      return rows.map((row) => ({
        twitchId: row.twitch_id,
        twitchStreamId: row.twitch_stream_id,
        endedAt: row.ended_at ?? since,
      }));
    },

    async updated(since) {
      const rows = await db
        .selectFrom("inbox")
        .select("twitch_id")
        .distinct()
        .where("received_at", ">", since)
        .where("type", "=", "channel.update")
        .execute();
      return new Set(rows.map((row) => row.twitch_id));
    },
  };
}

const pairOf = ({ twitchId, twitchStreamId }: { twitchId: string; twitchStreamId: string }) =>
  `${twitchId} ${twitchStreamId}`;
