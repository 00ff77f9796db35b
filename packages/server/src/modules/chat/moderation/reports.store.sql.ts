import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import type { ReportsStore } from "./reports.store.ts";

/** ReportsStore over SQL, on SQLite and Postgres. */
export function createSqlReportsStore(database: Database): ReportsStore {
  const db = database.tables<ChatTables>();
  return {
    async add(report) {
      const added = await db
        .insertInto("reports")
        .values(report)
        .onConflict((conflict) => conflict.columns(["message_id", "reporter_id"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      return added !== undefined;
    },

    list: ({ state, before, limit }) =>
      db
        .selectFrom("reports")
        .selectAll()
        .where("closed_at", state === "open" ? "is" : "is not", null)
        .$if(before !== undefined, (query) => query.where("id", "<", before ?? ""))
        .orderBy("id", "desc")
        .limit(limit)
        .execute(),

    async close(reportId, { accountId, outcome, at }) {
      const closed = await db
        .updateTable("reports")
        .set({ closed_at: at, closed_by: accountId, outcome })
        .where("id", "=", reportId)
        .where("closed_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      if (closed !== undefined) return "closed";
      const known = await db.selectFrom("reports").select("id").where("id", "=", reportId).executeTakeFirst();
      return known === undefined ? "unknown" : "already";
    },
  };
}
