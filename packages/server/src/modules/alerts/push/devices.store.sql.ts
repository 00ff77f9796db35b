import type { Selectable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { DeviceRecord, DevicesStore } from "./devices.store.ts";

/** Devices in SQLite or Postgres. */
export function createDevicesStore(database: Database): DevicesStore {
  const db = database.tables<AlertsTables>();
  return {
    async list(accountId) {
      const rows = await db
        .selectFrom("push_devices")
        .selectAll()
        .where("account_id", "=", accountId)
        .orderBy("push_id")
        .execute();
      return rows.map(toRecord);
    },

    async find(pushId) {
      const row = await db.selectFrom("push_devices").selectAll().where("push_id", "=", pushId).executeTakeFirst();
      return row && toRecord(row);
    },

    put: (device, most) =>
      db.transaction().execute(async (tx) => {
        const held = await tx
          .selectFrom("push_devices")
          .select(["push_id", "endpoint_hash"])
          .where("account_id", "=", device.accountId)
          .execute();
        const isKnown = held.some((each) => each.endpoint_hash === device.endpointHash);
        if (!isKnown && held.length >= most) return undefined;
        const fresh = { name: device.name, sealed: device.sealed, key_id: device.keyId };
        const row = await tx
          .insertInto("push_devices")
          .values({
            push_id: device.pushId,
            account_id: device.accountId,
            endpoint_hash: device.endpointHash,
            created_at: device.createdAt,
            last_sent_at: null,
            ...fresh,
          })
          .onConflict((conflict) => conflict.columns(["account_id", "endpoint_hash"]).doUpdateSet(fresh))
          .returningAll()
          .executeTakeFirstOrThrow();
        return toRecord(row);
      }),

    async remove(accountId, pushId) {
      const done = await db
        .deleteFrom("push_devices")
        .where("account_id", "=", accountId)
        .where("push_id", "=", pushId)
        .executeTakeFirst();
      return done.numDeletedRows > 0n;
    },
    async forget(pushId) {
      await db.deleteFrom("push_devices").where("push_id", "=", pushId).execute();
    },
    async sent(pushId, at) {
      await db.updateTable("push_devices").set({ last_sent_at: at }).where("push_id", "=", pushId).execute();
    },

    async wanting(guildId, broadcasterId, byDefault) {
      const rows = await db
        .selectFrom("push_devices")
        .leftJoin("preferences", (join) =>
          join
            .onRef("preferences.account_id", "=", "push_devices.account_id")
            .on("preferences.guild_id", "=", guildId)
            .on("preferences.broadcaster_id", "=", broadcasterId),
        )
        .leftJoin("quiet_hours", "quiet_hours.account_id", "push_devices.account_id")
        .select(["push_devices.push_id", "push_devices.account_id", "from_time", "to_time", "time_zone"])
        .where((eb) =>
          byDefault
            ? eb.or([eb("preferences.push", "=", 1), eb("preferences.push", "is", null)])
            : eb("preferences.push", "=", 1),
        )
        .orderBy("push_devices.push_id")
        .execute();
      return rows.map(
        ({ push_id: pushId, account_id: accountId, from_time: from, to_time: to, time_zone: timeZone }) => ({
          pushId,
          accountId,
          quiet: from === null || to === null || timeZone === null ? null : { from, to, timeZone },
        }),
      );
    },

    async countByKey() {
      const rows = await db
        .selectFrom("push_devices")
        .select((eb) => ["key_id", eb.fn.countAll<number>().as("total")])
        .groupBy("key_id")
        .execute();
      return rows.map((row) => ({ keyId: row.key_id, total: Number(row.total) }));
    },
    async underOtherKeys(keyId, after, limit) {
      const rows = await db
        .selectFrom("push_devices")
        .selectAll()
        .where("key_id", "!=", keyId)
        .where("push_id", ">", after)
        .orderBy("push_id")
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },
    async reseal(pushId, before, { sealed, keyId }) {
      const done = await db
        .updateTable("push_devices")
        .set({ sealed, key_id: keyId })
        .where("push_id", "=", pushId)
        .where("sealed", "=", before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
  };
}

function toRecord(row: Selectable<AlertsTables["push_devices"]>): DeviceRecord {
  return {
    pushId: row.push_id,
    accountId: row.account_id,
    name: row.name,
    sealed: row.sealed,
    keyId: row.key_id,
    createdAt: row.created_at,
    lastSentAt: row.last_sent_at,
  };
}
