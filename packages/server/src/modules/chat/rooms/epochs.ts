import type { Ids } from "../../../platform/clock/clock.ts";
import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";

/**
 * Gives the stream of every room a new identity: after a backup was put back, offsets are given out a second time, and
 * clients that have seen the first ones must not go on from them. To be called while no server runs.
 */
export async function renewEpochs(database: Database, ids: Ids): Promise<void> {
  await database
    .tables<ChatTables>()
    .transaction()
    .execute(async (tx) => {
      for (const { id } of await tx.selectFrom("rooms").select("id").execute()) {
        await tx.updateTable("rooms").set({ epoch: ids.uuid() }).where("id", "=", id).execute();
      }
    });
}
