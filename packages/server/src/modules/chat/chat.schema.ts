import { type Kysely, sql } from "kysely";
import type { Engine, SchemaStep } from "../../platform/db/database.ts";

async function up(db: Kysely<never>, engine: Engine): Promise<void> {
  await db.schema
    .createTable("rooms")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("topic", "text", (c) => c.notNull())
    .addColumn("slow_mode_seconds", "integer", (c) => c.notNull())
    .addColumn("guests", "text", (c) => c.notNull())
    .addColumn("archived_at", "bigint")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("created_by", "text")
    .addColumn("epoch", "text", (c) => c.notNull())
    .addColumn("head_offset", "bigint", (c) => c.notNull())
    .addColumn("last_message_at", "bigint")
    .addColumn("direct_key", "text", (c) => c.unique())
    .execute();

  await db.schema
    .createTable("members")
    .addColumn("room_id", "text", (c) => c.notNull())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("room_role", "text", (c) => c.notNull())
    .addColumn("joined_at", "bigint", (c) => c.notNull())
    .addColumn("read_offset", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("members_key", ["room_id", "account_id"])
    .execute();
  await db.schema.createIndex("members_by_account").on("members").columns(["account_id"]).execute();

  const messages = db.schema.createTable("messages");
  await (engine === "sqlite" ? messages.addColumn("row", "integer", (c) => c.primaryKey()) : messages)
    .addColumn("id", "text", (c) => (engine === "sqlite" ? c.notNull().unique() : c.primaryKey()))
    .addColumn("room_id", "text", (c) => c.notNull())
    .addColumn("offset", "bigint", (c) => c.notNull())
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("author_id", "text", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("client_id", "text")
    .addColumn("reply_to", "text")
    .addColumn("mentions", "text")
    .addColumn("mentions_room", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("edited_at", "bigint")
    .addColumn("deleted_at", "bigint")
    .addColumn("deleted_by", "text")
    .addColumn("pinned_at", "bigint")
    .addColumn("pinned_by", "text")
    .execute();
  await db.schema.createIndex("messages_by_offset").unique().on("messages").columns(["room_id", "offset"]).execute();
  // Only messages that were changed: for all others the version is the offset, and most are never changed.
  await sql`create unique index messages_by_version on messages (room_id, version) where version <> "offset"`.execute(
    db,
  );
  // The unique key behind "exactly once": NULLs do not collide on either engine.
  await sql`create unique index messages_once on messages (room_id, author_id, client_id) where client_id is not null`.execute(
    db,
  );
  await sql`create index messages_to_all on messages (room_id, "offset") where mentions_room = 1`.execute(db);
  await sql`create index messages_pinned on messages (room_id, pinned_at) where pinned_at is not null`.execute(db);

  await db.schema
    .createTable("mentions")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("room_id", "text", (c) => c.notNull())
    .addColumn("offset", "bigint", (c) => c.notNull())
    .addColumn("message_id", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("mentions_key", ["account_id", "room_id", "offset"])
    .execute();

  await db.schema
    .createTable("reactions")
    .addColumn("message_id", "text", (c) => c.notNull())
    .addColumn("emoji", "text", (c) => c.notNull())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("room_id", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("reactions_key", ["message_id", "emoji", "account_id"])
    .execute();

  await db.schema
    .createTable("revisions")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("message_id", "text", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("replaced_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("revisions_by_message").on("revisions").columns(["message_id"]).execute();

  await db.schema
    .createTable("sanctions")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("room_id", "text")
    .addColumn("account_id", "text")
    .addColumn("address_hash", "text")
    .addColumn("until", "bigint")
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("created_by", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("lifted_at", "bigint")
    .execute();
  await db.schema.createIndex("sanctions_by_account").on("sanctions").columns(["account_id"]).execute();
  await db.schema.createIndex("sanctions_by_address").on("sanctions").columns(["address_hash"]).execute();

  await db.schema
    .createTable("invites")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("room_id", "text", (c) => c.notNull())
    .addColumn("token_hash", "text", (c) => c.notNull().unique())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("max_uses", "integer", (c) => c.notNull())
    .addColumn("uses", "integer", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .execute();
  await db.schema.createIndex("invites_by_room").on("invites").columns(["room_id"]).execute();

  await db.schema
    .createTable("word_filters")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("expression", "text", (c) => c.notNull())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .execute();

  await db.schema
    .createTable("reports")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("room_id", "text", (c) => c.notNull())
    .addColumn("message_id", "text", (c) => c.notNull())
    .addColumn("author_id", "text", (c) => c.notNull())
    .addColumn("excerpt", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("reporter_id", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("closed_at", "bigint")
    .addColumn("closed_by", "text")
    .addColumn("outcome", "text")
    .addUniqueConstraint("reports_once", ["message_id", "reporter_id"])
    .execute();
}

export const chatSchema: SchemaStep = { name: "0002_chat", up };
