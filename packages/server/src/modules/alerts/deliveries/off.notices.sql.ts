import type { DestinationKind, OffReason } from "@foyer/protocol";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { OffNoticesStore } from "./off.notices.ts";

/** Most that are told of in one round. */
const handful = 50;

/** Notices that are due, in SQLite or Postgres. */
export function createOffNoticesStore(database: Database): OffNoticesStore {
  const db = database.tables<AlertsTables>();
  return {
    async due() {
      const rows = await db
        .selectFrom("destinations")
        .leftJoin("guilds", "guilds.guild_id", "destinations.guild_id")
        .selectAll("destinations")
        .select("guilds.name as guild_name")
        .where("off_notice", "=", 1)
        .limit(handful)
        .execute();
      return rows.map((row) => ({
        destinationId: row.destination_id,
        guildId: row.guild_id,
        guildName: row.guild_name ?? row.guild_id,
        kind: row.kind as DestinationKind,
        name: row.name,
        reason: (row.off_reason ?? "gone") as OffReason,
        createdBy: row.created_by,
      }));
    },
    async told(destinationId) {
      await db.updateTable("destinations").set({ off_notice: 0 }).where("destination_id", "=", destinationId).execute();
    },
  };
}
