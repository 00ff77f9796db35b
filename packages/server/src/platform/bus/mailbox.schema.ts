import type { Kysely } from "kysely";
import type { SchemaStep } from "../db/database.ts";

/** What waits for the server. `id` is a UUIDv7: it sorts by time. */
export interface MailboxTables {
  bus_mail: { id: string; topic: string; payload: string };
}

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("bus_mail")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("topic", "text", (c) => c.notNull())
    .addColumn("payload", "text", (c) => c.notNull())
    .execute();
}

export const mailboxSchema: SchemaStep = { name: "0004_mailbox", up };
