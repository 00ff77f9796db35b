import type { Transaction } from "kysely";
import type { Ids } from "../../../platform/clock/clock.ts";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import { createFanOut } from "../deliveries/fan.out.sql.ts";
import { type KnownDetails, nothingKnown } from "./stream.details.ts";
import { rowOfState, stateOfRow, streamOfRow } from "./stream.rows.ts";
import type { KnownStreams, StreamsPlan } from "./stream.state.types.ts";
import type { StreamScope, StreamsStore } from "./streams.store.ts";

type Tx = Transaction<AlertsTables>;

/** Streams in SQLite or Postgres. */
export function createStreamsStore(database: Database, ids: Pick<Ids, "uuid">): StreamsStore {
  const db = database.tables<AlertsTables>();
  const fanOut = createFanOut(database.engine, ids);

  /** Holds the broadcaster's row until the transaction ends, so that no other change of theirs comes between. */
  async function channelOf(tx: Tx, broadcasterId: string): Promise<KnownDetails> {
    const { known } = await tx
      .insertInto("stream_heads")
      .values({ broadcaster_id: broadcasterId, known: JSON.stringify(nothingKnown) })
      .onConflict((conflict) =>
        conflict.column("broadcaster_id").doUpdateSet((eb) => ({ known: eb.ref("stream_heads.known") })),
      )
      .returning("known")
      .executeTakeFirstOrThrow();
    return JSON.parse(known) as KnownDetails;
  }

  async function read(tx: Tx, broadcasterId: string, scope: StreamScope): Promise<KnownStreams> {
    const channel = await channelOf(tx, broadcasterId);
    const rows = await tx
      .selectFrom("streams")
      .selectAll()
      .where("broadcaster_id", "=", broadcasterId)
      .where((eb) =>
        eb.or([
          eb("started_at", ">=", scope.since),
          ...(scope.twitchStreamId === undefined ? [] : [eb("twitch_stream_id", "=", scope.twitchStreamId)]),
        ]),
      )
      .orderBy("started_at")
      .orderBy("stream_id")
      .execute();
    const ends = await tx
      .selectFrom("stream_ends")
      .select("ended_at")
      .where("broadcaster_id", "=", broadcasterId)
      .where("ended_at", ">=", Math.min(scope.since, rows[0]?.started_at ?? scope.since))
      .orderBy("ended_at")
      .execute();
    return { streams: rows.map(stateOfRow), ends: ends.map((row) => row.ended_at), channel };
  }

  async function write(tx: Tx, broadcasterId: string, { changes, end, channel }: StreamsPlan): Promise<void> {
    const known = JSON.stringify(channel);
    await tx.updateTable("stream_heads").set({ known }).where("broadcaster_id", "=", broadcasterId).execute();
    if (end !== undefined) {
      await tx
        .insertInto("stream_ends")
        .values({ broadcaster_id: broadcasterId, ended_at: end })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    for (const { stream, news } of changes) {
      const row = rowOfState(broadcasterId, stream);
      if (news === "started") await tx.insertInto("streams").values(row).execute();
      else await tx.updateTable("streams").set(row).where("stream_id", "=", stream.streamId).execute();
    }
  }

  return {
    async pushGuilds(twitchId, twitchStreamId) {
      const rows = await db
        .selectFrom("broadcasters")
        .innerJoin("guild_broadcasters", "guild_broadcasters.broadcaster_id", "broadcasters.broadcaster_id")
        .innerJoin("destinations", "destinations.guild_id", "guild_broadcasters.guild_id")
        .select(["broadcasters.broadcaster_id", "destinations.guild_id"])
        .distinct()
        .where("broadcasters.twitch_id", "=", twitchId)
        .where("destinations.kind", "=", "push")
        .where("destinations.enabled", "=", 1)
        .where("destinations.removed_at", "is", null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("streams")
                .select("streams.stream_id")
                .whereRef("streams.broadcaster_id", "=", "broadcasters.broadcaster_id")
                .where("streams.twitch_stream_id", "=", twitchStreamId),
            ),
          ),
        )
        .execute();
      return { broadcasterId: rows[0]?.broadcaster_id ?? "", guildIds: rows.map((row) => row.guild_id) };
    },

    change: (scope, rules, plan) =>
      db.transaction().execute(async (tx) => {
        const broadcaster = await tx
          .selectFrom("broadcasters")
          .select("broadcaster_id")
          .where("twitch_id", "=", scope.twitchId)
          .executeTakeFirst();
        if (broadcaster === undefined) return undefined;
        const { broadcaster_id: broadcasterId } = broadcaster;
        const planned = plan(await read(tx, broadcasterId, scope));
        await write(tx, broadcasterId, planned);
        let due = false;
        for (const change of planned.changes) {
          due = (await fanOut.follow(tx, { broadcasterId, change, planned, rules })) || due;
        }
        return { due };
      }),

    join: (guildId, broadcasterId, rules) =>
      db.transaction().execute(async (tx) => {
        await channelOf(tx, broadcasterId);
        const row = await tx
          .selectFrom("streams")
          .selectAll()
          .where("broadcaster_id", "=", broadcasterId)
          .where("state", "=", "live")
          .orderBy("started_at", "desc")
          .executeTakeFirst();
        if (row === undefined) return false;
        return fanOut.join(tx, { broadcasterId, guildId, stream: stateOfRow(row), rules });
      }),

    async live(broadcasterIds) {
      if (broadcasterIds.length === 0) return new Map();
      const rows = await db
        .selectFrom("streams")
        .selectAll()
        .where("state", "=", "live")
        .where("broadcaster_id", "in", [...broadcasterIds])
        .orderBy("started_at")
        .execute();
      return new Map(rows.map((row) => [row.broadcaster_id, streamOfRow(row)]));
    },

    async sweep(before) {
      await db.deleteFrom("stream_ends").where("ended_at", "<", before).execute();
      await db
        .deleteFrom("streams")
        .where("state", "=", "ended")
        .where("ended_at", "<", before)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("deliveries")
                .select("deliveries.delivery_id")
                .whereRef("deliveries.stream_id", "=", "streams.stream_id"),
            ),
          ),
        )
        .execute();
    },
  };
}
