import type { ExpressionBuilder, ExpressionWrapper, Kysely, SqlBool } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import type { SanctionsStore } from "./sanctions.store.ts";

type Where = ExpressionBuilder<ChatTables, "sanctions">;
type Condition = ExpressionWrapper<ChatTables, "sanctions", SqlBool>;

/** SanctionsStore over SQL, on SQLite and Postgres. */
export function createSqlSanctionsStore(database: Database): SanctionsStore {
  const db = database.tables<ChatTables>();
  return {
    async impose(rows) {
      const [first] = rows;
      if (first?.account_id == null) return;
      const { kind, room_id: roomId, account_id: accountId, created_at: at } = first;
      await db.transaction().execute(async (tx) => {
        await lift(tx, { kind, roomId, accountId }, at);
        await tx
          .insertInto("sanctions")
          .values([...rows])
          .execute();
      });
    },

    async inForce({ accountId, addressHash }, rooms, now) {
      const met = (where: Where) => {
        const address = where("address_hash", "=", addressHash);
        if (accountId === null) return address;
        return where.or([where.and([where("account_id", "=", accountId), where("address_hash", "is", null)]), address]);
      };
      return db
        .selectFrom("sanctions")
        .selectAll()
        .where(met)
        .where((where) => active(where, now))
        .where((where) => {
          if (rooms === "all") return where.and([]);
          const ofServer = where("room_id", "is", null);
          return rooms.length === 0 ? ofServer : where.or([ofServer, where("room_id", "in", rooms)]);
        })
        .execute();
    },

    async mutes(roomId, accountIds, now) {
      if (accountIds.length === 0) return [];
      return db
        .selectFrom("sanctions")
        .selectAll()
        .where("kind", "=", "mute")
        .where("room_id", "=", roomId)
        .where("account_id", "in", [...accountIds])
        .where((where) => active(where, now))
        .execute();
    },

    lift: (what, at) => lift(db, what, at),

    ban: (banId, roomId, now) =>
      db
        .selectFrom("sanctions")
        .selectAll()
        .where("id", "=", banId)
        .where("kind", "=", "ban")
        .where("address_hash", "is", null)
        .where((where) => inRoom(where, roomId))
        .where((where) => active(where, now))
        .executeTakeFirst(),

    async bans(roomId, now) {
      const rows = await db
        .selectFrom("sanctions")
        .selectAll()
        .where("kind", "=", "ban")
        .where((where) => inRoom(where, roomId))
        .where((where) => active(where, now))
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .execute();
      const byAddress = new Set(rows.flatMap((row) => (row.address_hash === null ? [] : [row.account_id])));
      return rows
        .filter((row) => row.address_hash === null)
        .map((row) => ({ row, address: byAddress.has(row.account_id) }));
    },
  };
}

async function lift(
  db: Kysely<ChatTables>,
  what: { kind: "mute" | "ban"; roomId: string | null; accountId: string },
  at: number,
): Promise<boolean> {
  const rows = await db
    .updateTable("sanctions")
    .set({ lifted_at: at })
    .where("kind", "=", what.kind)
    .where("account_id", "=", what.accountId)
    .where((where) => inRoom(where, what.roomId))
    .where((where) => active(where, at))
    .returning("id")
    .execute();
  return rows.length > 0;
}

function active(where: Where, now: number): Condition {
  return where.and([where("lifted_at", "is", null), where.or([where("until", "is", null), where("until", ">", now)])]);
}

function inRoom(where: Where, roomId: string | null): Condition {
  return where.and([roomId === null ? where("room_id", "is", null) : where("room_id", "=", roomId)]);
}
