import type { Kysely } from "kysely";
import type { SchemaStep } from "../db/database.ts";

/** Tables of the audit trail. `id` is a UUIDv7: it sorts by time. */
export interface AuditTables {
  audit_entries: {
    id: string;
    at: number;
    actor_id: string | null;
    action: string;
    subject_kind: string;
    subject_id: string;
    /** JSON object. */
    details: string;
  };
}

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("audit_entries")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("actor_id", "text")
    .addColumn("action", "text", (c) => c.notNull())
    .addColumn("subject_kind", "text", (c) => c.notNull())
    .addColumn("subject_id", "text", (c) => c.notNull())
    .addColumn("details", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("audit_by_action").on("audit_entries").columns(["action", "id"]).execute();
  await db.schema.createIndex("audit_by_actor").on("audit_entries").columns(["actor_id", "id"]).execute();
}

export const auditSchema: SchemaStep = { name: "0000_audit", up };
