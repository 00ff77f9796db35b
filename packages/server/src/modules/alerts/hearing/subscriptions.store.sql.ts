import type { Selectable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { HearingTables } from "./hearing.tables.ts";
import type { SubscriptionState, SubscriptionsStore } from "./subscriptions.store.ts";
import type { HeardType } from "./twitch.port.ts";

/** What is known of EventSub subscriptions, in SQLite or Postgres. */
export function createSubscriptionsStore(database: Database): SubscriptionsStore {
  const db = database.tables<HearingTables>();

  const announced = () =>
    db
      .selectFrom("broadcasters")
      .select(["broadcasters.broadcaster_id", "broadcasters.twitch_id"])
      .where((where) =>
        where.exists(
          where
            .selectFrom("guild_broadcasters")
            .innerJoin("guilds", "guilds.guild_id", "guild_broadcasters.guild_id")
            .select("guilds.guild_id")
            .whereRef("guild_broadcasters.broadcaster_id", "=", "broadcasters.broadcaster_id")
            .where("guilds.removed_at", "is", null),
        ),
      );

  return {
    async announced() {
      const rows = await announced().orderBy("broadcasters.broadcaster_id").execute();
      return rows.map((row) => ({ broadcasterId: row.broadcaster_id, twitchId: row.twitch_id }));
    },

    async all() {
      return (await db.selectFrom("eventsub_subscriptions").selectAll().execute()).map(stateOf);
    },

    async put({ broadcasterId, type, subscriptionId, transport, status }, now) {
      const said = { twitch_subscription_id: subscriptionId, transport, status, checked_at: now };
      await db
        .insertInto("eventsub_subscriptions")
        .values({ broadcaster_id: broadcasterId, type, ...said })
        .onConflict((conflict) => conflict.columns(["broadcaster_id", "type"]).doUpdateSet(said))
        .execute();
    },

    async remove({ broadcasterId, type, subscriptionId }) {
      await db
        .deleteFrom("eventsub_subscriptions")
        .where("broadcaster_id", "=", broadcasterId)
        .where("type", "=", type)
        .where("twitch_subscription_id", subscriptionId === null ? "is" : "=", subscriptionId)
        .execute();
    },

    async revoked(subscriptionId, now) {
      const done = await db
        .updateTable("eventsub_subscriptions")
        .set({ status: "revoked", checked_at: now })
        .where("twitch_subscription_id", "=", subscriptionId)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async drifted(types, transport) {
      const wanted = await announced().execute();
      const rows = await db.selectFrom("eventsub_subscriptions").selectAll().execute();
      const isThere = new Set(
        rows.filter((row) => row.transport === transport).map((row) => `${row.broadcaster_id} ${row.type}`),
      );
      const ids = new Set(wanted.map((row) => row.broadcaster_id));
      return (
        wanted.some((row) => types.some((type) => !isThere.has(`${row.broadcaster_id} ${type}`))) ||
        rows.some((row) => row.status === "revoked" || !ids.has(row.broadcaster_id))
      );
    },

    async countByStatus() {
      const rows = await db
        .selectFrom("eventsub_subscriptions")
        .select((eb) => ["status", eb.fn.countAll<number>().as("total")])
        .groupBy("status")
        .execute();
      return new Map(rows.map((row) => [row.status, Number(row.total)]));
    },
  };
}

function stateOf(row: Selectable<HearingTables["eventsub_subscriptions"]>): SubscriptionState {
  return {
    broadcasterId: row.broadcaster_id,
    type: row.type as HeardType,
    subscriptionId: row.twitch_subscription_id,
    transport: row.transport,
    status: row.status,
  };
}
