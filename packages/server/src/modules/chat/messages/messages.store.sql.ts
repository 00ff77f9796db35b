import { type Kysely, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import { appendCommands, messageColumns } from "./messages.append.sql.ts";
import type {
  Marker,
  MessageRow,
  MessagesStore,
  PageQuery,
  ReactionCount,
  Recovery,
  RowPage,
  StreamCommand,
  StreamResult,
} from "./messages.store.ts";

/** Where counting unread messages stops: nobody reads "1,204 unread", and counting them costs. */
const countUpTo = 100;
/** Accounts that are named for one reaction. */
const namedReactors = 50;

/** Messages in SQLite or Postgres. */
export class SqlMessagesStore implements MessagesStore {
  private readonly database: Database;
  private readonly db: Kysely<ChatTables>;

  constructor(database: Database) {
    this.database = database;
    this.db = database.tables<ChatTables>();
  }

  append(commands: readonly StreamCommand[]): Promise<StreamResult[]> {
    if (commands.length === 0) return Promise.resolve([]);
    return this.db.transaction().execute((tx) => appendCommands(tx, this.database.engine, commands));
  }

  async wasSent(roomId: string, authorId: string, clientId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom("messages")
      .select("id")
      .where("room_id", "=", roomId)
      .where("author_id", "=", authorId)
      .where("client_id", "=", clientId)
      .executeTakeFirst();
    return row !== undefined;
  }

  byIds(messageIds: readonly string[]): Promise<MessageRow[]> {
    if (messageIds.length === 0) return Promise.resolve([]);
    return this.db
      .selectFrom("messages")
      .select(messageColumns)
      .where("id", "in", [...messageIds])
      .execute();
  }

  async page(roomId: string, query: PageQuery): Promise<RowPage> {
    const { before, after, around, limit } = query;
    if (around !== undefined) {
      const older = await this.older(roomId, around + 1, Math.ceil(limit / 2));
      const newer = await this.newer(roomId, around, Math.floor(limit / 2));
      return { rows: [...older.rows, ...newer.rows], hasMore: older.more, hasNewer: newer.more };
    }
    if (after !== undefined) {
      const { rows, more } = await this.newer(roomId, after, limit);
      return { rows, hasMore: after > 0, hasNewer: more };
    }
    const { rows, more } = await this.older(roomId, before, limit);
    return { rows, hasMore: more, hasNewer: before !== undefined };
  }

  private async older(roomId: string, before: number | undefined, limit: number) {
    let query = this.db.selectFrom("messages").select(messageColumns).where("room_id", "=", roomId);
    if (before !== undefined) query = query.where("offset", "<", before);
    const rows = await query
      .orderBy("offset", "desc")
      .limit(limit + 1)
      .execute();
    const more = rows.length > limit;
    return { rows: rows.slice(0, limit).reverse(), more };
  }

  private async newer(roomId: string, after: number, limit: number) {
    const rows = await this.db
      .selectFrom("messages")
      .select(messageColumns)
      .where("room_id", "=", roomId)
      .where("offset", ">", after)
      .orderBy("offset")
      .limit(limit + 1)
      .execute();
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  }

  async since(roomId: string, epoch: string, offset: number, limit: number): Promise<Recovery> {
    // The head is read first: what is committed between the two reads is in the rows as well, and upserts do not mind.
    const head = (await this.head(roomId)) ?? { epoch: "", offset: 0 };
    if (head.epoch !== epoch || offset > head.offset) return { ...head, rows: null };
    if (offset === head.offset) return { ...head, rows: [] };
    // Two index ranges: what was created since, and what is older but was changed since.
    const created = await this.newer(roomId, offset, limit);
    const changed = await this.db
      .selectFrom("messages")
      .select(messageColumns)
      .where("room_id", "=", roomId)
      .where("version", ">", offset)
      .where("offset", "<=", offset)
      .whereRef("version", "<>", "offset")
      .orderBy("offset")
      .limit(limit + 1)
      .execute();
    const rows = [...changed, ...created.rows];
    return { ...head, rows: created.more || rows.length > limit ? null : rows };
  }

  async head(roomId: string): Promise<{ epoch: string; offset: number } | undefined> {
    const row = await this.db
      .selectFrom("rooms")
      .select(["epoch", "head_offset"])
      .where("id", "=", roomId)
      .executeTakeFirst();
    return row && { epoch: row.epoch, offset: row.head_offset };
  }

  async reactions(messageIds: readonly string[]): Promise<ReactionCount[]> {
    if (messageIds.length === 0) return [];
    const rows = await this.db
      .selectFrom((from) =>
        from
          .selectFrom("reactions")
          .select(["message_id", "emoji", "account_id", "created_at"])
          .select(
            sql<number>`row_number() over (partition by message_id, emoji order by created_at, account_id)`.as("place"),
          )
          .select(sql<number>`count(*) over (partition by message_id, emoji)`.as("count"))
          .select(sql<number>`min(created_at) over (partition by message_id, emoji)`.as("first"))
          .where("message_id", "in", [...messageIds])
          .as("ranked"),
      )
      .selectAll()
      .where("place", "<=", namedReactors)
      .orderBy("first")
      .orderBy("emoji")
      .orderBy("place")
      .execute();
    const counts = new Map<string, ReactionCount>();
    for (const row of rows) {
      const key = `${row.message_id} ${row.emoji}`;
      const count = counts.get(key) ?? {
        messageId: row.message_id,
        emoji: row.emoji,
        count: Number(row.count),
        by: [],
      };
      count.by.push(row.account_id);
      counts.set(key, count);
    }
    return [...counts.values()];
  }

  pinned(roomId: string): Promise<MessageRow[]> {
    return this.db
      .selectFrom("messages")
      .select(messageColumns)
      .where("room_id", "=", roomId)
      .where("pinned_at", "is not", null)
      .orderBy("pinned_at", "desc")
      .limit(100)
      .execute();
  }

  revisions(messageId: string): Promise<{ message: string; replacedAt: number }[]> {
    return this.db
      .selectFrom("revisions")
      .select(["body as message", "replaced_at as replacedAt"])
      .where("message_id", "=", messageId)
      .orderBy("replaced_at", "desc")
      .orderBy("id", "desc")
      .execute();
  }

  async markRead(accountId: string, roomId: string, offset: number): Promise<Marker | undefined> {
    // One statement, so that two devices that mark at the same time cannot move the marker back.
    await this.db
      .updateTable("members")
      .set({
        read_offset: sql<number>`(select case when r.head_offset < ${offset} then r.head_offset else ${offset} end from rooms r where r.id = ${roomId})`,
      })
      .where("account_id", "=", accountId)
      .where("room_id", "=", roomId)
      .where("read_offset", "<", offset)
      .execute();
    return (await this.markers(accountId, [roomId])).get(roomId);
  }

  async markers(accountId: string, roomIds: readonly string[]): Promise<Map<string, Marker>> {
    if (roomIds.length === 0) return new Map();
    const unread = sql<number>`(select count(*) from (
      select 1 from messages x where x.room_id = m.room_id and x."offset" > m.read_offset
        and x.author_id <> m.account_id and x.deleted_at is null limit ${countUpTo}) as counted)`;
    const named = sql<number>`(select count(*) from (
      select 1 from mentions n where n.account_id = m.account_id and n.room_id = m.room_id
        and n."offset" > m.read_offset limit ${countUpTo}) as counted)`;
    const toAll = sql<number>`(select count(*) from (
      select 1 from messages x where x.room_id = m.room_id and x."offset" > m.read_offset
        and x.mentions_room = 1 and x.author_id <> m.account_id limit ${countUpTo}) as counted)`;
    const rows = await this.db
      .selectFrom("members as m")
      .innerJoin("rooms as r", "r.id", "m.room_id")
      .select(["m.room_id", "m.read_offset", "r.head_offset"])
      .select([unread.as("unread"), named.as("named"), toAll.as("to_all")])
      .where("m.account_id", "=", accountId)
      .where("m.room_id", "in", [...roomIds])
      .execute();
    return new Map(
      rows.map((row) => [
        row.room_id,
        {
          at: row.head_offset,
          readOffset: row.read_offset,
          unread: Number(row.unread),
          mentions: Math.min(countUpTo, Number(row.named) + Number(row.to_all)),
        },
      ]),
    );
  }
}
