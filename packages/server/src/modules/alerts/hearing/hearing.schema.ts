import type { Kysely } from "kysely";

/** The tables of `HearingTables`, and what hearing looks up in those of all alerts, which are there already. */
export async function hearingTables(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("hearing_leases")
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("holder", "text", (c) => c.notNull())
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("memo", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("hearing_leases_key", ["name"])
    .execute();
  await db.schema.createIndex("inbox_by_received_at").on("inbox").columns(["received_at"]).execute();
}
