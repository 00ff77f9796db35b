import type { ExpressionBuilder, ExpressionWrapper, SqlBool, Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import { addMember } from "../rooms/members.store.sql.ts";
import type { InvitesStore } from "./invites.store.ts";

type Where = ExpressionBuilder<ChatTables, "invites">;

class Refused extends Error {}

/** InvitesStore over SQL, on SQLite and Postgres. */
export function createSqlInvitesStore(database: Database): InvitesStore {
  const db = database.tables<ChatTables>();
  return {
    add: (invite) =>
      db.transaction().execute(async (tx) => {
        const room = await tx
          .selectFrom("rooms")
          .select("id")
          .where("id", "=", invite.room_id)
          .$if(database.engine === "postgres", (query) => query.forKeyShare())
          .executeTakeFirst();
        if (room === undefined) return false;
        await tx.insertInto("invites").values(invite).execute();
        return true;
      }),

    working: (roomId, now) =>
      db
        .selectFrom("invites")
        .selectAll()
        .where("room_id", "=", roomId)
        .where((where) => works(where, now))
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .execute(),

    byToken: (tokenHash) => db.selectFrom("invites").selectAll().where("token_hash", "=", tokenHash).executeTakeFirst(),

    async revoke(roomId, inviteId, at) {
      const revoked = await db
        .updateTable("invites")
        .set({ revoked_at: at })
        .where("room_id", "=", roomId)
        .where("id", "=", inviteId)
        .where("revoked_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      return revoked !== undefined;
    },

    async accept(tokenHash, accountId, now) {
      try {
        return await db.transaction().execute((tx) => accept(database, tx, { tokenHash, accountId, now }));
      } catch (error) {
        if (error instanceof Refused) return "refused";
        throw error;
      }
    },
  };
}

/** Becoming a member comes first: its unique key makes a second accept of the same account wait for this one. */
async function accept(
  database: Database,
  tx: Transaction<ChatTables>,
  { tokenHash, accountId, now }: { tokenHash: string; accountId: string; now: number },
): Promise<"joined" | "member"> {
  const invite = await tx
    .selectFrom("invites")
    .select("room_id")
    .where("token_hash", "=", tokenHash)
    .executeTakeFirst();
  if (invite === undefined) throw new Refused();
  const roomId = invite.room_id;
  if (!(await addMember(database, tx, { roomId, accountId, joinedAt: now }))) return "member";
  const used = await tx
    .updateTable("invites")
    .set((set) => ({ uses: set("uses", "+", 1) }))
    .where("token_hash", "=", tokenHash)
    .where((where) => works(where, now))
    .returning("id")
    .executeTakeFirst();
  // Throwing takes the membership back.
  if (used === undefined) throw new Refused();
  return "joined";
}

function works(where: Where, now: number): ExpressionWrapper<ChatTables, "invites", SqlBool> {
  return where.and([
    where("revoked_at", "is", null),
    where.or([where("expires_at", "is", null), where("expires_at", ">", now)]),
    where.or([where("max_uses", "=", 0), where("uses", "<", where.ref("max_uses"))]),
  ]);
}
