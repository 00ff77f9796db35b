import type { Kysely } from "kysely";
import type { SchemaStep } from "../../../platform/db/database.ts";

async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("identity_links")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("provider", "text", (c) => c.notNull())
    .addColumn("subject", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("permission_level", "text")
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("reason", "text")
    .addColumn("linked_at", "bigint", (c) => c.notNull())
    .addColumn("checked_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("identity_links_key", ["account_id", "provider"])
    .addUniqueConstraint("identity_links_subject", ["provider", "subject"])
    .execute();
  await db.schema
    .createIndex("identity_links_due")
    .on("identity_links")
    .columns(["provider", "status", "checked_at"])
    .execute();

  await db.schema
    .createTable("credentials")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("provider", "text", (c) => c.notNull())
    .addColumn("access_sealed", "text", (c) => c.notNull())
    .addColumn("refresh_sealed", "text")
    .addColumn("expires_at", "bigint")
    .addColumn("key_id", "text", (c) => c.notNull())
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("lease_id", "text")
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("spent_at", "bigint")
    .addColumn("lost_at", "bigint")
    .addColumn("refreshed_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("credentials_key", ["account_id", "provider"])
    .execute();
  await db.schema
    .createIndex("credentials_by_key")
    .on("credentials")
    .columns(["key_id", "account_id", "provider"])
    .execute();
}

export const identityLinksSchema: SchemaStep = { name: "0005_identity_links", up };
