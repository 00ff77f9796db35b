import { type Kysely, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { FactorTables } from "./factors.tables.ts";
import type { RecoveryCodesStore } from "./recovery.codes.store.ts";

/** Recovery codes in SQLite or Postgres. */
export function createRecoveryCodesStore(database: Database): RecoveryCodesStore {
  const db = database.tables<FactorTables>();

  async function count(tables: Kysely<FactorTables>, accountId: string) {
    const row = await tables
      .selectFrom("recovery_codes")
      .select((eb) => [eb.fn.countAll<number>().as("left"), eb.fn.min("created_at").as("at")])
      .where("account_id", "=", accountId)
      .executeTakeFirst();
    const left = Number(row?.left ?? 0);
    return left === 0 ? undefined : { left, createdAt: Number(row?.at) };
  }

  async function insert(tables: Kysely<FactorTables>, accountId: string, hashes: readonly string[], now: number) {
    const rows = hashes.map((hash) => ({ account_id: accountId, hash, created_at: now }));
    await tables.insertInto("recovery_codes").values(rows).execute();
  }

  /** The account's row is the lock: two who make codes at once come one after the other, on every engine. */
  async function lock(tables: Kysely<FactorTables>, accountId: string) {
    await sql`update accounts set role = role where id = ${accountId}`.execute(tables);
  }

  return {
    count: (accountId) => count(db, accountId),
    replace: (accountId, hashes, now) =>
      db.transaction().execute(async (tx) => {
        await lock(tx, accountId);
        await tx.deleteFrom("recovery_codes").where("account_id", "=", accountId).execute();
        await insert(tx, accountId, hashes, now);
      }),
    addFirst: (accountId, hashes, now) =>
      db.transaction().execute(async (tx) => {
        await lock(tx, accountId);
        if ((await count(tx, accountId)) !== undefined) return false;
        await insert(tx, accountId, hashes, now);
        return true;
      }),
    async take(accountId, hash) {
      const done = await db
        .deleteFrom("recovery_codes")
        .where("account_id", "=", accountId)
        .where("hash", "=", hash)
        .executeTakeFirst();
      return done.numDeletedRows > 0n;
    },
    async removeAll(accountId) {
      await db.deleteFrom("recovery_codes").where("account_id", "=", accountId).execute();
    },
  };
}
