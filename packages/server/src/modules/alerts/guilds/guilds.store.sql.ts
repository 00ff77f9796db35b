import type { AlertTemplate, EndAction, MentionChoice } from "@foyer/protocol";
import type { Kysely, Selectable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import { followersMentioned } from "./guilds.mentions.sql.ts";
import type { GuildRecord, GuildsStore } from "./guilds.store.ts";

/** What SQLite takes in one statement, and some room. */
const perStatement = 500;

/** Guilds in SQLite or Postgres. */
export function createGuildsStore(database: Database): GuildsStore {
  const db = database.tables<AlertsTables>();

  return {
    async find(guildId) {
      const row = await db.selectFrom("guilds").selectAll().where("guild_id", "=", guildId).executeTakeFirst();
      return row && toRecord(row);
    },

    async known(guildIds) {
      const found: GuildRecord[] = [];
      for (let at = 0; at < guildIds.length; at += perStatement) {
        const some = guildIds.slice(at, at + perStatement);
        const rows = await db.selectFrom("guilds").selectAll().where("guild_id", "in", some).execute();
        found.push(...rows.map(toRecord));
      }
      return found;
    },

    async presence() {
      const rows = await db
        .selectFrom("guilds")
        .select(["guild_id", "bot_installed"])
        .where("guild_id", "!=", "here")
        .execute();
      return rows.map((row) => ({ guildId: row.guild_id, botInstalled: row.bot_installed === 1 }));
    },

    async ensure({ guildId, name, iconUrl }, now) {
      const isHere = guildId === "here";
      await db
        .insertInto("guilds")
        .values({
          guild_id: guildId,
          name,
          icon_url: iconUrl,
          bot_installed: isHere ? 1 : 0,
          template: null,
          mention: null,
          end_action: null,
          reannounce_minutes: null,
          max_edits: null,
          created_at: now,
          removed_at: null,
        })
        .onConflict((conflict) => conflict.column("guild_id").doUpdateSet({ name, icon_url: iconUrl }))
        .execute();
    },

    arrived: (guildId, now) =>
      db.transaction().execute(async (tx) => {
        const done = await tx
          .updateTable("guilds")
          .set({ bot_installed: 1, removed_at: null })
          .where("guild_id", "=", guildId)
          .where("bot_installed", "=", 0)
          .executeTakeFirst();
        if (done.numUpdatedRows === 0n) return false;
        await tx
          .updateTable("destinations")
          .set({ enabled: 1, off_reason: null, off_notice: 0 })
          .where("guild_id", "=", guildId)
          .where("off_reason", "=", "bot_removed")
          .where("removed_at", "is", null)
          .execute();
        await tx.updateTable("follower_roles").set({ due_at: now }).where("guild_id", "=", guildId).execute();
        await tx
          .updateTable("follower_holds")
          .set({ has: null, due_at: now })
          .where("guild_id", "=", guildId)
          .execute();
        return true;
      }),

    left: (guildId, now) =>
      db.transaction().execute(async (tx) => {
        const done = await tx
          .updateTable("guilds")
          .set({ bot_installed: 0, removed_at: now })
          .where("guild_id", "=", guildId)
          .where("bot_installed", "=", 1)
          .executeTakeFirst();
        if (done.numUpdatedRows === 0n) return false;
        await tx
          .updateTable("destinations")
          .set({ enabled: 0, off_reason: "bot_removed", off_notice: 1 })
          .where("guild_id", "=", guildId)
          .where("kind", "=", "discord")
          .where("removed_at", "is", null)
          .where("enabled", "=", 1)
          .execute();
        return true;
      }),

    async change(guildId, { template, mention, endAction, reannounceMinutes, maxEdits }) {
      const set = {
        ...(template === undefined ? {} : { template: template === null ? null : JSON.stringify(template) }),
        ...(mention === undefined ? {} : { mention: JSON.stringify(mention) }),
        ...(endAction === undefined ? {} : { end_action: endAction }),
        ...(reannounceMinutes === undefined ? {} : { reannounce_minutes: reannounceMinutes }),
        ...(maxEdits === undefined ? {} : { max_edits: maxEdits }),
      };
      // An update without a column is none; the key stays what it is.
      const done = await db
        .updateTable("guilds")
        .set({ guild_id: guildId, ...set })
        .where("guild_id", "=", guildId)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async mentioningFollowers(guildIds) {
      if (guildIds.length === 0) return new Set();
      const rows = await followersMentioned(db)
        .where("guilds.guild_id", "in", [...guildIds])
        .execute();
      return new Set(rows.map((row) => row.guild_id));
    },

    async leftBefore(time) {
      const rows = await db.selectFrom("guilds").select("guild_id").where("removed_at", "<", time).execute();
      return rows.map((row) => row.guild_id);
    },

    erase: (guildId, now) => db.transaction().execute((tx) => erase(tx, guildId, now)),
  };
}

async function erase(tx: Kysely<AlertsTables>, guildId: string, now: number): Promise<void> {
  const deliveries = tx.selectFrom("deliveries").select("delivery_id").where("guild_id", "=", guildId);
  await tx.deleteFrom("attempts").where("delivery_id", "in", deliveries).execute();
  const destinations = tx.selectFrom("destinations").select("destination_id").where("guild_id", "=", guildId);
  await tx.deleteFrom("overrides").where("destination_id", "in", destinations).execute();
  const tables = [
    "deliveries",
    "destinations",
    "guild_broadcasters",
    "broadcaster_invites",
    "preferences",
    "follower_holds",
  ] as const;
  for (const table of tables) await tx.deleteFrom(table).where("guild_id", "=", guildId).execute();
  // Discord deletes a role with all its holders: what is left to do is one thing for each.
  await tx.deleteFrom("follower_roles").where("guild_id", "=", guildId).where("role_id", "is", null).execute();
  await tx.updateTable("follower_roles").set({ unwanted_at: 0, due_at: now }).where("guild_id", "=", guildId).execute();
  await tx.deleteFrom("guilds").where("guild_id", "=", guildId).execute();
}

function toRecord(row: Selectable<AlertsTables["guilds"]>): GuildRecord {
  return {
    guildId: row.guild_id,
    name: row.name,
    iconUrl: row.icon_url,
    botInstalled: row.bot_installed === 1,
    template: row.template === null ? null : (JSON.parse(row.template) as AlertTemplate),
    config: {
      mention: row.mention === null ? null : (JSON.parse(row.mention) as MentionChoice),
      endAction: row.end_action as EndAction | null,
      reannounceMinutes: row.reannounce_minutes,
      maxEdits: row.max_edits,
    },
    createdAt: row.created_at,
    removedAt: row.removed_at,
  };
}
