import type { Database } from "../../../../platform/db/database.ts";
import type { LinkingTables } from "./flows.tables.ts";
import type { UsedFlowsStore } from "./used.flows.store.ts";

/** Marks of used flows in SQLite or Postgres. */
export function createUsedFlowsStore(database: Database): UsedFlowsStore {
  const db = database.tables<LinkingTables>();
  return {
    async use(hash, expiresAt) {
      const inserted = await db
        .insertInto("used_flows")
        .values({ hash, expires_at: expiresAt })
        .onConflict((conflict) => conflict.doNothing())
        .returning("hash")
        .executeTakeFirst();
      return inserted !== undefined;
    },
    async sweep(before) {
      await db.deleteFrom("used_flows").where("expires_at", "<", before).execute();
    },
  };
}
