import type { Attempt, DeliveryReason, DeliveryState, DestinationKind } from "@foyer/protocol";
import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { DeliveryRecord, HistoryStore } from "./history.store.ts";

/** Tries of one delivery that are shown: of ten thousand phones nobody reads all. */
const mostTries = 200;
/** Rows that are deleted at once. */
const handful = 2_000;

interface Place {
  stream_id: string;
  destination_id: string;
}

/** What was delivered, in SQLite or Postgres. */
export function createHistoryStore(database: Database): HistoryStore {
  const db = database.tables<AlertsTables>();

  const heads = (guildId: string) =>
    db
      .selectFrom("deliveries as d")
      .leftJoin("destinations", "destinations.destination_id", "d.destination_id")
      .leftJoin("streams", "streams.stream_id", "d.stream_id")
      .leftJoin("broadcasters", "broadcasters.broadcaster_id", "streams.broadcaster_id")
      .select(["d.delivery_id", "d.stream_id", "d.destination_id", "d.kind", "d.url", "d.reason", "d.began_at"])
      .select(["destinations.name", "streams.title", "broadcasters.display_name"])
      .where("d.guild_id", "=", guildId);

  async function placeOf(guildId: string, deliveryId: string): Promise<Place | undefined> {
    return db
      .selectFrom("deliveries")
      .select(["stream_id", "destination_id"])
      .where("guild_id", "=", guildId)
      .where("delivery_id", "=", deliveryId)
      .executeTakeFirst();
  }

  async function records(rows: readonly Head[]): Promise<DeliveryRecord[]> {
    const sums = await sumsOf(db, rows);
    return rows.map((row) => recordOf(row, sums.get(keyOf(row))));
  }

  return {
    async list(guildId, { state, cursor, limit }) {
      let query = heads(guildId).where("d.head", "=", 1);
      if (cursor !== undefined) query = query.where("d.delivery_id", "<", cursor);
      if (state !== undefined) query = query.where((eb) => eb.and(conditionsOf(state, eb)));
      const rows = await query
        .orderBy("d.delivery_id", "desc")
        .limit(limit + 1)
        .execute();
      const items = await records(rows.slice(0, limit));
      return { items, next: rows.length > limit ? items.at(-1)?.deliveryId : undefined };
    },

    async find(guildId, deliveryId) {
      const row = await heads(guildId).where("d.delivery_id", "=", deliveryId).executeTakeFirst();
      return row === undefined ? undefined : (await records([row]))[0];
    },

    async tries(guildId, deliveryId) {
      const place = await placeOf(guildId, deliveryId);
      if (place === undefined) return [];
      const rows = await db
        .selectFrom("attempts")
        .innerJoin("deliveries", "deliveries.delivery_id", "attempts.delivery_id")
        .selectAll("attempts")
        .where("deliveries.stream_id", "=", place.stream_id)
        .where("deliveries.destination_id", "=", place.destination_id)
        .orderBy("attempts.at", "desc")
        .orderBy("attempts.fence", "desc")
        .limit(mostTries)
        .execute();
      return rows.toReversed().map((row) => ({
        at: row.at,
        what: row.what,
        outcome: row.outcome,
        reason: row.reason as Attempt["reason"],
        status: row.status,
        durationMs: row.duration_ms,
      }));
    },

    async retry(guildId, deliveryId, now, giveUpAt) {
      const place = await placeOf(guildId, deliveryId);
      if (place === undefined) return 0;
      const { numUpdatedRows } = await db
        .updateTable("deliveries")
        .set({ state: "waiting", reason: null, tries: 0, due_at: now, give_up_at: giveUpAt })
        .where("stream_id", "=", place.stream_id)
        .where("destination_id", "=", place.destination_id)
        .where("state", "=", "failed")
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    async sweep(triesBefore, before) {
      await deleteInHandfuls(db, "attempts", idOf(triesBefore));
      await deleteInHandfuls(db, "deliveries", idOf(before));
    },
  };
}

type Head = Place & {
  delivery_id: string;
  kind: string;
  url: string | null;
  reason: string | null;
  began_at: number;
  name: string | null;
  title: string | null;
  display_name: string | null;
};

interface Sum {
  waiting: number;
  sent: number;
  failed: number;
  attempts: number;
  reason: string | null;
  sentAt: number | null;
  nextTryAt: number | null;
  latencyMs: number | null;
}

const keyOf = (place: Place) => `${place.stream_id} ${place.destination_id}`;

/** Puts the recipients of each delivery together. */
async function sumsOf(db: Kysely<AlertsTables>, places: readonly Place[]): Promise<Map<string, Sum>> {
  if (places.length === 0) return new Map();
  const streams = [...new Set(places.map((place) => place.stream_id))];
  const destinations = [...new Set(places.map((place) => place.destination_id))];
  const count = (state: DeliveryState) => sql<number>`sum(case when state = ${state} then 1 else 0 end)`;
  const rows = await db
    .selectFrom("deliveries")
    .select(["stream_id", "destination_id"])
    .select((eb) => [
      count("waiting").as("waiting"),
      count("sent").as("sent"),
      count("failed").as("failed"),
      eb.fn.sum<number>("attempts").as("attempts"),
      eb.fn.max("reason").as("reason"),
      eb.fn.max("sent_at").as("sent_at"),
      eb.fn.max("latency_ms").as("latency_ms"),
      sql<number | null>`min(case when state = 'waiting' then due_at end)`.as("due_at"),
    ])
    .where("stream_id", "in", streams)
    .where("destination_id", "in", destinations)
    .groupBy(["stream_id", "destination_id"])
    .execute();
  return new Map(
    rows.map((row) => [
      keyOf(row),
      {
        waiting: Number(row.waiting),
        sent: Number(row.sent),
        failed: Number(row.failed),
        attempts: Number(row.attempts),
        reason: row.reason,
        sentAt: row.sent_at,
        nextTryAt: row.due_at === null ? null : Number(row.due_at),
        latencyMs: row.latency_ms,
      },
    ]),
  );
}

function recordOf(row: Head, sum: Sum | undefined): DeliveryRecord {
  return {
    deliveryId: row.delivery_id,
    destinationId: row.destination_id,
    destinationName: row.name ?? "",
    kind: row.kind as DestinationKind,
    streamerName: row.display_name ?? "",
    streamTitle: row.title ?? "",
    startedAt: row.began_at,
    reason: (sum?.reason ?? row.reason) as DeliveryReason | null,
    attempts: sum?.attempts ?? 0,
    sentAt: sum?.sentAt ?? null,
    nextTryAt: sum?.nextTryAt ?? null,
    latencyMs: sum?.latencyMs ?? null,
    url: row.url,
    recipients: { waiting: sum?.waiting ?? 0, sent: sum?.sent ?? 0, failed: sum?.failed ?? 0 },
  };
}

/** `stateOf`, as conditions on all recipients of a delivery. */
function conditionsOf(
  state: DeliveryState,
  eb: ExpressionBuilder<AlertsTables & { d: AlertsTables["deliveries"] }, "d">,
) {
  const some = (of: DeliveryState) =>
    eb.exists(
      eb
        .selectFrom("deliveries as r")
        .select("r.delivery_id")
        .whereRef("r.stream_id", "=", "d.stream_id")
        .whereRef("r.destination_id", "=", "d.destination_id")
        .where("r.state", "=", of),
    );
  if (state === "waiting") return [some("waiting")];
  return [eb.not(some("waiting")), state === "sent" ? some("sent") : eb.not(some("sent"))];
}

/** The smallest UUIDv7 of a moment: ids of deliveries sort by the time at which they were made. */
function idOf(milliseconds: number): string {
  const hex = Math.max(0, milliseconds).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

async function deleteInHandfuls(db: Kysely<AlertsTables>, table: "attempts" | "deliveries", before: string) {
  for (;;) {
    const rows = await db
      .selectFrom(table)
      .select("delivery_id")
      .where("delivery_id", "<", before)
      .orderBy("delivery_id")
      .limit(handful)
      .execute();
    if (rows.length === 0) return;
    const ids = [...new Set(rows.map((row) => row.delivery_id))];
    await db.deleteFrom(table).where("delivery_id", "in", ids).execute();
  }
}
