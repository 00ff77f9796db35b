import type { Database } from "../../../platform/db/database.ts";
import type { IdentityTables } from "../identity.tables.ts";
import type { TicketsStore } from "./tickets.store.ts";

/** Tickets in SQLite or Postgres. */
export function createTicketsStore(database: Database): TicketsStore {
  const db = database.tables<IdentityTables>();
  return {
    async add(ticket) {
      await db
        .insertInto("tickets")
        .values({
          hash: ticket.hash,
          account_id: ticket.accountId,
          session_id: ticket.sessionId,
          expires_at: ticket.expiresAt,
        })
        .execute();
    },

    async take(hash) {
      // One statement finds and deletes: a second one waits for the row and then finds it gone.
      const row = await db.deleteFrom("tickets").where("hash", "=", hash).returningAll().executeTakeFirst();
      if (row === undefined) return undefined;
      return { hash: row.hash, accountId: row.account_id, sessionId: row.session_id, expiresAt: row.expires_at };
    },

    async sweep(before) {
      await db.deleteFrom("tickets").where("expires_at", "<", before).execute();
    },
  };
}
