import { type Kysely, sql } from "kysely";
import type { SchemaStep } from "../../platform/db/database.ts";

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("accounts")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("handle", "text", (c) => c.notNull().unique())
    .addColumn("display_name", "text", (c) => c.notNull())
    .addColumn("search_name", "text", (c) => c.notNull())
    .addColumn("email", "text")
    .addColumn("avatar", "text")
    .addColumn("role", "text", (c) => c.notNull())
    .addColumn("password_hash", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("suspended_at", "bigint")
    .execute();
  await sql`create unique index accounts_email on accounts (email) where email is not null`.execute(db);
  await db.schema.createIndex("accounts_by_role").on("accounts").columns(["role"]).execute();

  await db.schema
    .createTable("founding")
    .addColumn("id", "integer", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("revision", "integer", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("sessions")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("device", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .execute();
  await db.schema.createIndex("sessions_by_account").on("sessions").columns(["account_id"]).execute();
  await db.schema.createIndex("sessions_by_expiry").on("sessions").columns(["expires_at"]).execute();

  await db.schema
    .createTable("tickets")
    .addColumn("hash", "text", (c) => c.primaryKey())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("session_id", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("tickets_by_expiry").on("tickets").columns(["expires_at"]).execute();

  await db.schema
    .createTable("account_addresses")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("address_hash", "text", (c) => c.notNull())
    .addColumn("last_seen_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("account_addresses_key", ["account_id", "address_hash"])
    .execute();
}

export const identitySchema: SchemaStep = { name: "0001_identity", up };
