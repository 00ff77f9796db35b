import type { Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";

/**
 * For a database that was put back from a backup at `now` (milliseconds since 1970). What was still to be posted then may
 * have been posted since, by the server that the backup was made of: it is given up as too late, which its owner sees and
 * can retry. So are alerts of streams that began before `now` (`startedBeforeRestore`). Edits of what is known to be there
 * go on.
 */
export async function holdRestoredAlerts(database: Database, now: number): Promise<void> {
  await database
    .tables<AlertsTables>()
    .transaction()
    .execute(async (tx) => {
      await tx
        .insertInto("alert_restores")
        .values({ restored_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await tx
        .updateTable("deliveries")
        .set({ state: "failed", reason: "too_late", due_at: null })
        .where("state", "=", "waiting")
        .where("external_id", "is", null)
        .execute();
    });
}

/** Whether a stream that is heard of only now began before the database was put back: it may have been announced then. */
export async function startedBeforeRestore(tx: Transaction<AlertsTables>, startedAt: number): Promise<boolean> {
  const later = await tx
    .selectFrom("alert_restores")
    .select("restored_at")
    .where("restored_at", ">", startedAt)
    .limit(1)
    .executeTakeFirst();
  return later !== undefined;
}
