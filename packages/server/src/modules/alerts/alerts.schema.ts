import type { Kysely } from "kysely";
import type { SchemaStep } from "../../platform/db/database.ts";
import { followerTables } from "./guilds/followers/followers.schema.ts";
import { hearingTables } from "./hearing/hearing.schema.ts";

async function up(db: Kysely<never>): Promise<void> {
  await followerTables(db);
  await db.schema
    .createTable("guilds")
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("icon_url", "text")
    .addColumn("bot_installed", "integer", (c) => c.notNull())
    .addColumn("template", "text")
    .addColumn("mention", "text")
    .addColumn("end_action", "text")
    .addColumn("reannounce_minutes", "integer")
    .addColumn("max_edits", "integer")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("removed_at", "bigint")
    .addPrimaryKeyConstraint("guilds_key", ["guild_id"])
    .execute();
  await db.schema
    .createTable("broadcasters")
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("twitch_id", "text", (c) => c.notNull())
    .addColumn("login", "text", (c) => c.notNull())
    .addColumn("display_name", "text", (c) => c.notNull())
    .addColumn("avatar_url", "text")
    .addColumn("account_id", "text")
    .addColumn("added_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("broadcasters_key", ["broadcaster_id"])
    .addUniqueConstraint("broadcasters_once", ["twitch_id"])
    .execute();
  await db.schema
    .createTable("guild_broadcasters")
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("added_by_account", "text")
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("guild_broadcasters_key", ["guild_id", "broadcaster_id"])
    .execute();
  await db.schema
    .createIndex("guild_broadcasters_by_broadcaster_id")
    .on("guild_broadcasters")
    .columns(["broadcaster_id"])
    .execute();
  await db.schema
    .createTable("broadcaster_invites")
    .addColumn("invite_id", "text", (c) => c.notNull())
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("token_hash", "text", (c) => c.notNull())
    .addColumn("uses", "integer", (c) => c.notNull())
    .addColumn("max_uses", "integer", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("revoked_at", "bigint")
    .addPrimaryKeyConstraint("broadcaster_invites_key", ["invite_id"])
    .addUniqueConstraint("broadcaster_invites_once", ["token_hash"])
    .execute();
  await db.schema
    .createTable("eventsub_subscriptions")
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("type", "text", (c) => c.notNull())
    .addColumn("twitch_subscription_id", "text")
    .addColumn("transport", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("checked_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("eventsub_subscriptions_key", ["broadcaster_id", "type"])
    .execute();
  await db.schema
    .createTable("inbox")
    .addColumn("source", "text", (c) => c.notNull())
    .addColumn("message_id", "text", (c) => c.notNull())
    .addColumn("type", "text", (c) => c.notNull())
    .addColumn("twitch_id", "text", (c) => c.notNull())
    .addColumn("payload", "text", (c) => c.notNull())
    .addColumn("event_at", "bigint", (c) => c.notNull())
    .addColumn("received_at", "bigint", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("due_at", "bigint", (c) => c.notNull())
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("fence", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("inbox_key", ["source", "message_id"])
    .execute();
  await db.schema.createIndex("inbox_by_state_due_at").on("inbox").columns(["state", "due_at"]).execute();
  await db.schema
    .createTable("streams")
    .addColumn("stream_id", "text", (c) => c.notNull())
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("twitch_stream_id", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("revision", "integer", (c) => c.notNull())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("game", "text", (c) => c.notNull())
    .addColumn("language", "text", (c) => c.notNull())
    .addColumn("tags", "text", (c) => c.notNull())
    .addColumn("viewers", "integer")
    .addColumn("peak_viewers", "integer")
    .addColumn("thumbnail_url", "text")
    .addColumn("vod_url", "text")
    .addColumn("started_at", "bigint", (c) => c.notNull())
    .addColumn("ended_at", "bigint")
    .addColumn("online_at", "bigint", (c) => c.notNull())
    .addColumn("seen_at", "bigint", (c) => c.notNull())
    .addColumn("heard_at", "bigint", (c) => c.notNull())
    .addColumn("checked_at", "bigint", (c) => c.notNull())
    .addColumn("known_at", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("streams_key", ["stream_id"])
    .addUniqueConstraint("streams_once", ["broadcaster_id", "twitch_stream_id"])
    .execute();
  await db.schema
    .createIndex("streams_by_broadcaster_id_started_at")
    .on("streams")
    .columns(["broadcaster_id", "started_at"])
    .execute();
  await db.schema.createIndex("streams_by_state_checked_at").on("streams").columns(["state", "checked_at"]).execute();
  await db.schema
    .createTable("stream_ends")
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("ended_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("stream_ends_key", ["broadcaster_id", "ended_at"])
    .execute();
  await db.schema
    .createTable("stream_heads")
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("known", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("stream_heads_key", ["broadcaster_id"])
    .execute();
  await db.schema
    .createTable("destinations")
    .addColumn("destination_id", "text", (c) => c.notNull())
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("target", "text", (c) => c.notNull())
    .addColumn("sealed", "text")
    .addColumn("key_id", "text")
    .addColumn("enabled", "integer", (c) => c.notNull())
    .addColumn("off_reason", "text")
    .addColumn("off_notice", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("template", "text")
    .addColumn("mention", "text")
    .addColumn("end_action", "text")
    .addColumn("created_by", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("removed_at", "bigint")
    .addPrimaryKeyConstraint("destinations_key", ["destination_id"])
    .execute();
  await db.schema.createIndex("destinations_by_guild_id").on("destinations").columns(["guild_id"]).execute();
  await db.schema
    .createTable("overrides")
    .addColumn("destination_id", "text", (c) => c.notNull())
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("enabled", "integer", (c) => c.notNull())
    .addColumn("template", "text")
    .addColumn("mention", "text")
    .addPrimaryKeyConstraint("overrides_key", ["destination_id", "broadcaster_id"])
    .execute();
  await db.schema
    .createTable("deliveries")
    .addColumn("delivery_id", "text", (c) => c.notNull())
    .addColumn("stream_id", "text", (c) => c.notNull())
    .addColumn("destination_id", "text", (c) => c.notNull())
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("recipient", "text", (c) => c.notNull())
    .addColumn("head", "integer", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("reason", "text")
    .addColumn("stage", "text")
    .addColumn("wanted", "integer", (c) => c.notNull())
    .addColumn("shown", "integer", (c) => c.notNull())
    .addColumn("shown_at", "bigint")
    .addColumn("edits", "integer", (c) => c.notNull())
    .addColumn("external_id", "text")
    .addColumn("url", "text")
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("tries", "integer", (c) => c.notNull())
    .addColumn("due_at", "bigint")
    .addColumn("lease_until", "bigint", (c) => c.notNull())
    .addColumn("fence", "bigint", (c) => c.notNull())
    .addColumn("uncertain_since", "bigint")
    .addColumn("give_up_at", "bigint", (c) => c.notNull())
    .addColumn("began_at", "bigint", (c) => c.notNull())
    .addColumn("earlier_peak", "integer")
    .addColumn("event_at", "bigint", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("sent_at", "bigint")
    .addColumn("latency_ms", "integer")
    .addPrimaryKeyConstraint("deliveries_key", ["delivery_id"])
    .addUniqueConstraint("deliveries_once", ["stream_id", "destination_id", "recipient"])
    .execute();
  await db.schema.createIndex("deliveries_by_kind_due_at").on("deliveries").columns(["kind", "due_at"]).execute();
  await db.schema
    .createIndex("deliveries_by_guild_id_head_delivery_id")
    .on("deliveries")
    .columns(["guild_id", "head", "delivery_id"])
    .execute();
  await db.schema
    .createIndex("deliveries_by_guild_id_created_at")
    .on("deliveries")
    .columns(["guild_id", "created_at"])
    .execute();
  await db.schema
    .createTable("attempts")
    .addColumn("delivery_id", "text", (c) => c.notNull())
    .addColumn("fence", "bigint", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("what", "text", (c) => c.notNull())
    .addColumn("outcome", "text", (c) => c.notNull())
    .addColumn("reason", "text")
    .addColumn("status", "integer")
    .addColumn("duration_ms", "integer", (c) => c.notNull())
    .addPrimaryKeyConstraint("attempts_key", ["delivery_id", "fence"])
    .execute();
  await db.schema
    .createTable("preferences")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("guild_id", "text", (c) => c.notNull())
    .addColumn("broadcaster_id", "text", (c) => c.notNull())
    .addColumn("discord", "integer", (c) => c.notNull())
    .addColumn("push", "integer", (c) => c.notNull())
    .addColumn("changed_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("preferences_key", ["account_id", "guild_id", "broadcaster_id"])
    .execute();
  await db.schema
    .createIndex("preferences_by_guild_id_broadcaster_id")
    .on("preferences")
    .columns(["guild_id", "broadcaster_id"])
    .execute();
  await db.schema
    .createTable("quiet_hours")
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("from_time", "text", (c) => c.notNull())
    .addColumn("to_time", "text", (c) => c.notNull())
    .addColumn("time_zone", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("quiet_hours_key", ["account_id"])
    .execute();
  await db.schema
    .createTable("push_devices")
    .addColumn("push_id", "text", (c) => c.notNull())
    .addColumn("account_id", "text", (c) => c.notNull())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("endpoint_hash", "text", (c) => c.notNull())
    .addColumn("sealed", "text", (c) => c.notNull())
    .addColumn("key_id", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_sent_at", "bigint")
    .addPrimaryKeyConstraint("push_devices_key", ["push_id"])
    .addUniqueConstraint("push_devices_once", ["account_id", "endpoint_hash"])
    .execute();
  await db.schema
    .createTable("alert_restores")
    .addColumn("restored_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("alert_restores_key", ["restored_at"])
    .execute();
  await hearingTables(db);
}

export const alertsSchema: SchemaStep = { name: "0020_alerts", up };
