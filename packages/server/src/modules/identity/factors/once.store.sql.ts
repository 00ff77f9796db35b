import type { Selectable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { FactorTables } from "./factors.tables.ts";
import type { OnceRecord, OnceStore } from "./once.store.ts";

/** Single-use things in SQLite or Postgres. */
export function createOnceStore(database: Database): OnceStore {
  const db = database.tables<FactorTables>();
  return {
    async add({ hash, kind, accountId, data, expiresAt }) {
      await db.insertInto("once").values({ hash, kind, account_id: accountId, data, expires_at: expiresAt }).execute();
    },
    async find(kind, hash, now) {
      const row = await db
        .selectFrom("once")
        .selectAll()
        .where("hash", "=", hash)
        .where("kind", "=", kind)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async take(kind, hash, now) {
      // One statement finds and deletes: a second one waits for the row and then finds it gone.
      const row = await db
        .deleteFrom("once")
        .where("hash", "=", hash)
        .where("kind", "=", kind)
        .returningAll()
        .executeTakeFirst();
      return row === undefined || row.expires_at <= now ? undefined : toRecord(row);
    },
    async forget(accountId, kinds) {
      await db
        .deleteFrom("once")
        .where("account_id", "=", accountId)
        .where("kind", "in", [...kinds])
        .execute();
    },
    async sweep(before) {
      await db.deleteFrom("once").where("expires_at", "<", before).execute();
    },
  };
}

function toRecord(row: Selectable<FactorTables["once"]>): OnceRecord {
  return { hash: row.hash, kind: row.kind, accountId: row.account_id, data: row.data, expiresAt: row.expires_at };
}
