import type { GuestAccess } from "@foyer/protocol";
import type { Kysely, Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables, MemberRow, RoomRow } from "../chat.tables.ts";
import type { RoomAndMember, RoomsStore } from "./rooms.store.ts";

/** RoomsStore over SQL, on SQLite and Postgres. */
export function createSqlRoomsStore(database: Database): RoomsStore {
  const db = database.tables<ChatTables>();
  return {
    create: (room, members) =>
      db.transaction().execute(async (tx) => {
        const made = await tx
          .insertInto("rooms")
          .values(room)
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        if (made === undefined) return { room: await existing(tx, room), created: false };
        const rows = members.map((member) => ({
          room_id: room.id,
          joined_at: room.created_at,
          read_offset: 0,
          ...member,
        }));
        if (rows.length > 0) await tx.insertInto("members").values(rows).execute();
        return { room: made, created: true };
      }),

    async find(roomId, accountId) {
      const room = db.selectFrom("rooms").selectAll().where("id", "=", roomId).executeTakeFirst();
      if (accountId === null) {
        const found = await room;
        return found === undefined ? undefined : { room: found, member: null };
      }
      const member = db
        .selectFrom("members")
        .selectAll()
        .where("room_id", "=", roomId)
        .where("account_id", "=", accountId)
        .executeTakeFirst();
      const [found, membership] = await Promise.all([room, member]);
      return found === undefined ? undefined : { room: found, member: membership ?? null };
    },

    async joined(accountId) {
      const members = await db.selectFrom("members").selectAll().where("account_id", "=", accountId).execute();
      const rooms = await byIds(
        db,
        members.map((member) => member.room_id),
      );
      return withRooms(members, rooms);
    },

    public: ({ forGuests, limit }) =>
      db
        .selectFrom("rooms")
        .selectAll()
        .where("kind", "=", "public")
        .$if(forGuests, (query) => query.where("guests", "<>", "none"))
        .orderBy("name")
        .orderBy("id")
        .limit(limit)
        .execute(),

    byIds: (roomIds) => byIds(db, roomIds),

    update(roomId, change) {
      const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      if (Object.keys(set).length === 0) {
        return db.selectFrom("rooms").selectAll().where("id", "=", roomId).executeTakeFirst();
      }
      return db.updateTable("rooms").set(set).where("id", "=", roomId).returningAll().executeTakeFirst();
    },

    remove: (roomId) => db.transaction().execute((tx) => removeRoom(tx, roomId)),

    async counts(roomIds) {
      if (roomIds.length === 0) return new Map();
      const rows = await db
        .selectFrom("members")
        .select((select) => ["room_id", select.fn.countAll<number>().as("count")])
        .where("room_id", "in", [...roomIds])
        .groupBy("room_id")
        .execute();
      return new Map(rows.map((row) => [row.room_id, Number(row.count)]));
    },

    async guestAccess() {
      const rows = await db
        .selectFrom("rooms")
        .select("guests")
        .distinct()
        .where("kind", "=", "public")
        .where("archived_at", "is", null)
        .execute();
      const order: GuestAccess[] = ["write", "read"];
      return order.find((access) => rows.some((row) => row.guests === access)) ?? "none";
    },
  };
}

async function byIds(db: Kysely<ChatTables>, roomIds: readonly string[]): Promise<RoomRow[]> {
  if (roomIds.length === 0) return [];
  return db
    .selectFrom("rooms")
    .selectAll()
    .where("id", "in", [...roomIds])
    .execute();
}

function withRooms(members: MemberRow[], rooms: RoomRow[]): (RoomAndMember & { member: MemberRow })[] {
  const byId = new Map(rooms.map((room) => [room.id, room]));
  return members.flatMap((member) => {
    const room = byId.get(member.room_id);
    return room === undefined ? [] : [{ room, member }];
  });
}

/** The room that stood in the way of `room`. It is committed: the insert waited for whoever made it. */
async function existing(tx: Transaction<ChatTables>, room: RoomRow): Promise<RoomRow> {
  const { direct_key: key } = room;
  return tx
    .selectFrom("rooms")
    .selectAll()
    .where((where) => (key === null ? where("id", "=", room.id) : where("direct_key", "=", key)))
    .executeTakeFirstOrThrow();
}

/** The room's row goes first: its lock makes writers wait, and they then find no room. */
async function removeRoom(tx: Transaction<ChatTables>, roomId: string): Promise<boolean> {
  const gone = await tx.deleteFrom("rooms").where("id", "=", roomId).returning("id").executeTakeFirst();
  if (gone === undefined) return false;
  const messages = tx.selectFrom("messages").select("id").where("room_id", "=", roomId);
  await tx.deleteFrom("revisions").where("message_id", "in", messages).execute();
  await tx.deleteFrom("reactions").where("message_id", "in", messages).execute();
  for (const table of ["mentions", "messages", "members", "invites", "sanctions"] as const) {
    await tx.deleteFrom(table).where("room_id", "=", roomId).execute();
  }
  return true;
}
