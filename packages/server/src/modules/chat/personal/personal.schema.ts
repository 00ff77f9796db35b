import { type Kysely, sql } from "kysely";
import type { SchemaStep } from "../../../platform/db/database.ts";

/** What somebody wrote is found by who they are: for giving it to them, and for erasing it. */
async function up(db: Kysely<never>): Promise<void> {
  await sql`create index messages_by_author on messages (author_id, id)`.execute(db);
  await sql`create index reactions_by_account on reactions (account_id, message_id, emoji)`.execute(db);
  await sql`create index reports_by_reporter on reports (reporter_id)`.execute(db);
}

export const personalDataSchema: SchemaStep = { name: "0008_personal_data", up };
