import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import type { MembersStore } from "./members.store.ts";

/** MembersStore over SQL, on SQLite and Postgres. */
export function createSqlMembersStore(database: Database): MembersStore {
  const db = database.tables<ChatTables>();
  return {
    add: (roomId, accountId, joinedAt) => addMember(database, db, { roomId, accountId, joinedAt }),
    remove: (roomId, accountId) => db.transaction().execute((tx) => removeMember(database, tx, roomId, accountId)),

    find: (roomId, accountId) =>
      db
        .selectFrom("members")
        .selectAll()
        .where("room_id", "=", roomId)
        .where("account_id", "=", accountId)
        .executeTakeFirst(),

    list: (roomId) => db.selectFrom("members").selectAll().where("room_id", "=", roomId).execute(),

    async people(roomIds) {
      const people = new Map<string, string[]>(roomIds.map((roomId) => [roomId, []]));
      if (roomIds.length === 0) return people;
      const rows = await db
        .selectFrom("members")
        .select(["room_id", "account_id"])
        .where("room_id", "in", [...roomIds])
        .orderBy("joined_at")
        .orderBy("account_id")
        .execute();
      for (const row of rows) people.get(row.room_id)?.push(row.account_id);
      return people;
    },
  };
}

/**
 * Adds a member, in a transaction of its own or in `db` if that is one. The row is made from the room's: on Postgres
 * the shared lock on that makes whoever deletes the room wait, and the other way round.
 */
export async function addMember(
  database: Database,
  db: Kysely<ChatTables>,
  entry: { roomId: string; accountId: string; joinedAt: number },
): Promise<boolean> {
  const lock = database.engine === "postgres" ? sql`for key share` : sql``;
  const result = await sql<{ account_id: string }>`
    insert into members (room_id, account_id, room_role, joined_at, read_offset)
    select id, ${entry.accountId}, 'member', cast(${entry.joinedAt} as bigint), head_offset
    from rooms where id = ${entry.roomId} ${lock}
    on conflict do nothing
    returning account_id`.execute(db);
  return result.rows.length > 0;
}

async function removeMember(
  database: Database,
  tx: Transaction<ChatTables>,
  roomId: string,
  accountId: string,
): Promise<"removed" | "absent" | "last"> {
  // The room's row is the lock: two owners, or two last members, who leave at once are taken one after the other.
  const room = await tx
    .selectFrom("rooms")
    .select("kind")
    .where("id", "=", roomId)
    .$if(database.engine === "postgres", (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  const members = () => tx.selectFrom("members").where("room_id", "=", roomId);
  const leaving = await members().select("room_role").where("account_id", "=", accountId).executeTakeFirst();
  if (room === undefined || leaving === undefined) return "absent";
  if (room.kind === "private") {
    const others = () => members().where("account_id", "<>", accountId);
    const heir = await others()
      .select(["account_id", "room_role"])
      .orderBy((order) => order.case().when("room_role", "=", "owner").then(0).else(1).end())
      .orderBy("joined_at")
      .orderBy("account_id")
      .limit(1)
      .executeTakeFirst();
    if (heir === undefined) return "last";
    if (leaving.room_role === "owner" && heir.room_role !== "owner") {
      await tx
        .updateTable("members")
        .set({ room_role: "owner" })
        .where("room_id", "=", roomId)
        .where("account_id", "=", heir.account_id)
        .execute();
    }
  }
  await tx.deleteFrom("members").where("room_id", "=", roomId).where("account_id", "=", accountId).execute();
  return "removed";
}
