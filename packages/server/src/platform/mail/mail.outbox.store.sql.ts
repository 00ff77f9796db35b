import { type Selectable, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { MailOutboxStore, WaitingLetter } from "./mail.outbox.store.ts";

interface MailTables {
  outgoing_mail: {
    id: string;
    account_id: string;
    sealed: string;
    key_id: string;
    attempts: number;
    due_at: number;
    useful_until: number;
  };
}

/** Waiting letters in SQLite or Postgres. */
export function createMailOutboxStore(database: Database): MailOutboxStore {
  const db = database.tables<MailTables>();
  return {
    async add({ id, accountId, sealed, keyId, usefulUntil }, dueAt) {
      const row = { id, account_id: accountId, sealed, key_id: keyId, useful_until: usefulUntil };
      await db
        .insertInto("outgoing_mail")
        .values({ ...row, attempts: 0, due_at: dueAt })
        .execute();
    },

    claim: (now, until, limit) =>
      db.transaction().execute(async (tx) => {
        let due = tx
          .selectFrom("outgoing_mail")
          .select("id")
          .where("due_at", "<=", now)
          .orderBy("due_at")
          .orderBy("id")
          .limit(limit);
        if (database.engine === "postgres") due = due.forUpdate().skipLocked();
        const ids = (await due.execute()).map(({ id }) => id);
        if (ids.length === 0) return [];
        const rows = await tx
          .updateTable("outgoing_mail")
          .set({ due_at: until, attempts: sql`attempts + 1` })
          .where("id", "in", ids)
          .returningAll()
          .execute();
        return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map(letterOf);
      }),

    async done(id) {
      await db.deleteFrom("outgoing_mail").where("id", "=", id).execute();
    },
    async postpone(id, dueAt) {
      await db.updateTable("outgoing_mail").set({ due_at: dueAt }).where("id", "=", id).execute();
    },
    async forget(accountId) {
      await db.deleteFrom("outgoing_mail").where("account_id", "=", accountId).execute();
    },

    async countByKey() {
      const rows = await db
        .selectFrom("outgoing_mail")
        .select((eb) => ["key_id", eb.fn.countAll<number>().as("total")])
        .where("key_id", "!=", "")
        .groupBy("key_id")
        .execute();
      return rows.map((row) => ({ keyId: row.key_id, total: Number(row.total), lost: 0 }));
    },
    async underOtherKeys(keyId, after, limit) {
      const rows = await db
        .selectFrom("outgoing_mail")
        .selectAll()
        .where("key_id", "!=", keyId)
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(letterOf);
    },
    async reseal(id, before, { sealed, keyId }) {
      const done = await db
        .updateTable("outgoing_mail")
        .set({ sealed, key_id: keyId })
        .where("id", "=", id)
        .where("sealed", "=", before)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
  };
}

function letterOf(row: Selectable<MailTables["outgoing_mail"]>): WaitingLetter {
  return {
    id: row.id,
    accountId: row.account_id,
    sealed: row.sealed,
    keyId: row.key_id,
    attempts: row.attempts,
    usefulUntil: row.useful_until,
  };
}
