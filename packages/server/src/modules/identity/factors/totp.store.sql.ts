import { type Selectable, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { FactorTables } from "./factors.tables.ts";
import type { TotpRecord, TotpStore } from "./totp.store.ts";

/** Authenticator apps in SQLite or Postgres. */
export function createTotpStore(database: Database): TotpStore {
  const db = database.tables<FactorTables>();
  const one = (accountId: string) => db.updateTable("totp").where("account_id", "=", accountId);
  return {
    async find(accountId) {
      const row = await db.selectFrom("totp").selectAll().where("account_id", "=", accountId).executeTakeFirst();
      return row && toRecord(row);
    },

    async begin(accountId, { sealed, keyId }, now) {
      const fresh = { sealed, key_id: keyId, created_at: now, last_step: 0, failures: 0, locked_until: 0 };
      const row = await db
        .insertInto("totp")
        .values({ account_id: accountId, ...fresh, confirmed_at: null, last_used_at: null })
        .onConflict((conflict) =>
          conflict.column("account_id").doUpdateSet(fresh).where("totp.confirmed_at", "is", null),
        )
        .returning("account_id")
        .executeTakeFirst();
      return row !== undefined;
    },

    async confirm(accountId, sealed, step, now) {
      const done = await one(accountId)
        .set({ confirmed_at: now, last_step: step, last_used_at: now })
        .where("sealed", "=", sealed)
        .where("confirmed_at", "is", null)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async takeStep(accountId, step, now) {
      // The condition is looked at again once the row is free: a second use waits, and then finds the step used.
      const done = await one(accountId)
        .set({ last_step: step, last_used_at: now, failures: 0, locked_until: 0 })
        .where("confirmed_at", "is not", null)
        .where("last_step", "<", step)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async failed(accountId) {
      const row = await one(accountId).set({ failures: sql`failures + 1` }).returning("failures").executeTakeFirst();
      return row?.failures ?? 0;
    },

    async lock(accountId, until) {
      await one(accountId).set({ locked_until: until }).execute();
    },

    async remove(accountId) {
      const done = await db.deleteFrom("totp").where("account_id", "=", accountId).executeTakeFirst();
      return done.numDeletedRows > 0n;
    },

    async countByKey() {
      const rows = await db
        .selectFrom("totp")
        .select((eb) => ["key_id", eb.fn.countAll<number>().as("total")])
        .groupBy("key_id")
        .execute();
      return rows.map((row) => ({ keyId: row.key_id, total: Number(row.total), lost: 0 }));
    },

    async underOtherKeys(keyId, after, limit) {
      const rows = await db
        .selectFrom("totp")
        .selectAll()
        .where("key_id", "!=", keyId)
        .where("account_id", ">", after)
        .orderBy("account_id")
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },

    async reseal(accountId, before, { sealed, keyId }) {
      const done = await one(accountId).set({ sealed, key_id: keyId }).where("sealed", "=", before).executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
  };
}

function toRecord(row: Selectable<FactorTables["totp"]>): TotpRecord {
  return {
    accountId: row.account_id,
    sealed: row.sealed,
    keyId: row.key_id,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    lastStep: row.last_step,
    lastUsedAt: row.last_used_at,
    failures: row.failures,
    lockedUntil: row.locked_until,
  };
}
