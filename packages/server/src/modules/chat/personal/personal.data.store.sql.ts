import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import { messageColumns } from "../messages/messages.append.sql.ts";
import type { PersonalDataStore } from "./personal.data.store.ts";

/** What SQLite takes in one statement, and some room. */
const perStatement = 500;

/** Personal data of chat in SQLite or Postgres. */
export function createSqlPersonalDataStore(database: Database): PersonalDataStore {
  const db = database.tables<ChatTables>();

  return {
    async memberships(accountId) {
      const rows = await db
        .selectFrom("members")
        .innerJoin("rooms", "rooms.id", "members.room_id")
        .select(["rooms.id", "rooms.name", "rooms.kind", "members.room_role", "members.joined_at"])
        .where("members.account_id", "=", accountId)
        .orderBy("rooms.id")
        .execute();
      return rows.map((row) => ({
        roomId: row.id,
        name: row.name,
        kind: row.kind,
        roomRole: row.room_role,
        joinedAt: row.joined_at,
      }));
    },

    messages: (accountId, after, limit) =>
      db
        .selectFrom("messages")
        .select(messageColumns)
        .where("author_id", "=", accountId)
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute(),

    async revisions(messageIds) {
      if (messageIds.length === 0) return [];
      const rows = await db
        .selectFrom("revisions")
        .selectAll()
        .where("message_id", "in", [...messageIds])
        .orderBy("replaced_at")
        .execute();
      return rows.map((row) => ({ messageId: row.message_id, message: row.body, replacedAt: row.replaced_at }));
    },

    async reactions(accountId, after, limit) {
      const rows = await db
        .selectFrom("reactions")
        .selectAll()
        .where("account_id", "=", accountId)
        .where((eb) =>
          eb.or([
            eb("message_id", ">", after.messageId),
            eb.and([eb("message_id", "=", after.messageId), eb("emoji", ">", after.emoji)]),
          ]),
        )
        .orderBy("message_id")
        .orderBy("emoji")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        messageId: row.message_id,
        roomId: row.room_id,
        emoji: row.emoji,
        createdAt: row.created_at,
      }));
    },

    async reports(accountId) {
      const rows = await db.selectFrom("reports").selectAll().where("reporter_id", "=", accountId).execute();
      return rows.map((row) => ({
        messageId: row.message_id,
        roomId: row.room_id,
        reason: row.reason,
        createdAt: row.created_at,
      }));
    },

    async sanctions(accountId) {
      const rows = await db.selectFrom("sanctions").selectAll().where("account_id", "=", accountId).execute();
      return rows.map((row) => ({
        kind: row.kind,
        roomId: row.room_id,
        reason: row.reason,
        createdAt: row.created_at,
        until: row.until,
      }));
    },

    async forgetTexts(messageIds) {
      for (let at = 0; at < messageIds.length; at += perStatement) {
        const some = messageIds.slice(at, at + perStatement);
        await db.deleteFrom("revisions").where("message_id", "in", some).execute();
        await db.updateTable("reports").set({ excerpt: "" }).where("message_id", "in", some).execute();
      }
    },

    async forgetRest(accountId) {
      await db.deleteFrom("mentions").where("account_id", "=", accountId).execute();
      await db.deleteFrom("invites").where("created_by", "=", accountId).execute();
      await db.updateTable("reports").set({ reason: "" }).where("reporter_id", "=", accountId).execute();
    },

    async traces(accountIds) {
      if (accountIds.length === 0) return new Set();
      const ids = [...accountIds];
      const found = await Promise.all([
        db.selectFrom("messages").select("author_id as id").distinct().where("author_id", "in", ids).execute(),
        db.selectFrom("reactions").select("account_id as id").distinct().where("account_id", "in", ids).execute(),
        db.selectFrom("members").select("account_id as id").distinct().where("account_id", "in", ids).execute(),
        // Whoever is banned or muted must not come back clean by waiting.
        db.selectFrom("sanctions").select("account_id as id").distinct().where("account_id", "in", ids).execute(),
      ]);
      return new Set(found.flat().flatMap(({ id }) => (id === null ? [] : [id])));
    },
  };
}
