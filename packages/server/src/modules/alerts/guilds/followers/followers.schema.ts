import type { Kysely } from "kysely";

/** The tables of the roles that Foyer manages in Discord: a part of the step that makes the alerts. */
export async function followerTables(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("follower_roles")
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("role_id", "text")
    .addColumn("unwanted_at", "bigint")
    .addColumn("problem", "text")
    .addColumn("uncertain_since", "bigint")
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("fence", "bigint", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("follower_roles_key", ["guild_id", "broadcaster_id"])
    .execute();
  await db.schema.createIndex("follower_roles_by_due_at").on("follower_roles").columns(["due_at"]).execute();
  await db.schema
    .createTable("follower_holds")
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("user_id", "text", (c) => c.notNull())
    .addColumn("account_id", "text")
    .addColumn("wanted", "integer", (c) => c.notNull())
    .addColumn("has", "integer")
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("fence", "bigint", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("follower_holds_key", ["guild_id", "broadcaster_id", "user_id"])
    .execute();
  await db.schema.createIndex("follower_holds_by_due_at").on("follower_holds").columns(["due_at"]).execute();
  await db.schema.createIndex("follower_holds_by_account_id").on("follower_holds").columns(["account_id"]).execute();
}
