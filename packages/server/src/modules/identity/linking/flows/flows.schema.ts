import type { Kysely } from "kysely";
import type { SchemaStep } from "../../../../platform/db/database.ts";

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("used_flows")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("used_flows_by_expiry").on("used_flows").columns(["expires_at"]).execute();
}

export const linkingSchema: SchemaStep = { name: "0006_used_flows", up };
