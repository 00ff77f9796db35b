import type { Kysely } from "kysely";
import type { SchemaStep } from "../db/database.ts";

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("outgoing_mail")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    // Letters hold what opens an account, so that they are sealed like every other secret.
    .addColumn("sealed", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("useful_until", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("outgoing_mail_due").on("outgoing_mail").columns(["due_at"]).execute();
  await db.schema.createIndex("outgoing_mail_by_account").on("outgoing_mail").columns(["account_id"]).execute();
}

export const mailSchema: SchemaStep = { name: "0007_outgoing_mail", up };

/** Which key a letter hangs on, so that keys can be changed below it. Those that wait already say nothing. */
async function addKey(db: Kysely<never>): Promise<void> {
  await db.schema
    .alterTable("outgoing_mail")
    .addColumn("key_id", "text", (c) => c.notNull().defaultTo(""))
    .execute();
}

export const mailKeySchema: SchemaStep = { name: "0009_mail_key", up: addKey };
