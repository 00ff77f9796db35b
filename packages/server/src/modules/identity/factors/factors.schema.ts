import { type Kysely, sql } from "kysely";
import type { SchemaStep } from "../../../platform/db/database.ts";

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("totp")
    .addColumn("account_id", "text", (c) => c.primaryKey())
    .addColumn("sealed", "text", (c) => c.notNull())
    .addColumn("key_id", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("confirmed_at", "bigint")
    .addColumn("last_step", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .addColumn("failures", "integer", (c) => c.notNull())
    .addColumn("locked_until", "bigint", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("recovery_codes")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("hash", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("recovery_codes_key", ["account_id", "hash"])
    .execute();

  await db.schema
    .createTable("passkeys")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("credential_id", "text", (c) => c.notNull().unique())
    .addColumn("public_key", "text", (c) => c.notNull())
    .addColumn("counter", "bigint", (c) => c.notNull())
    .addColumn("transports", "text", (c) => c.notNull())
    .addColumn("synced", "integer", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint")
    .execute();
  await db.schema.createIndex("passkeys_by_account").on("passkeys").columns(["account_id"]).execute();

  await db.schema
    .createTable("once")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("account_id", "text")
    .addColumn("data", "text")
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("once_by_account").on("once").columns(["account_id"]).execute();
  await db.schema.createIndex("once_by_expiry").on("once").columns(["expires_at"]).execute();

  await db.schema
    .createTable("program_tokens")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("hash", "text", (c) => c.notNull().unique())
    .addColumn("hint", "text", (c) => c.notNull())
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("last_used_at", "bigint")
    .execute();
  await db.schema.createIndex("program_tokens_by_account").on("program_tokens").columns(["account_id"]).execute();

  await db.schema.alterTable("sessions").addColumn("place", "text").execute();
  await db.schema.alterTable("sessions").addColumn("ends_at", "bigint").execute();
  await db.schema.alterTable("sessions").addColumn("proven_at", "bigint").execute();
  await db.schema.alterTable("accounts").addColumn("email_verified_at", "bigint").execute();

  await db.schema
    .createTable("kept_handles")
    .addColumn("handle", "text", (c) => c.primaryKey())
    .addColumn("until", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("erasures")
    .addColumn("account_id", "text", (c) => c.primaryKey())
    .addColumn("messages", "text", (c) => c.notNull())
    .addColumn("requested_at", "bigint", (c) => c.notNull())
    .execute();
  await sql`create index audit_by_subject on audit_entries (subject_id, id)`.execute(db);
  await sql`create index accounts_guests on accounts (id) where role = 'guest'`.execute(db);
}

export const secondFactorSchema: SchemaStep = { name: "0006_second_factor", up };
