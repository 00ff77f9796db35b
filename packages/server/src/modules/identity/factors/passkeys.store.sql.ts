import { type Selectable, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { FactorTables } from "./factors.tables.ts";
import type { PasskeyRecord, PasskeysStore } from "./passkeys.store.ts";

/** Passkeys in SQLite or Postgres. */
export function createPasskeysStore(database: Database): PasskeysStore {
  const db = database.tables<FactorTables>();
  return {
    add: (passkey, most) =>
      db.transaction().execute(async (tx) => {
        // Locks the account, so that two at once cannot both be the last that fits.
        await sql`update accounts set role = role where id = ${passkey.accountId}`.execute(tx);
        const { count } = await tx
          .selectFrom("passkeys")
          .select((eb) => eb.fn.countAll<number>().as("count"))
          .where("account_id", "=", passkey.accountId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= most) return "too_many";
        const row = await tx
          .insertInto("passkeys")
          .values({
            id: passkey.id,
            account_id: passkey.accountId,
            credential_id: passkey.credentialId,
            public_key: passkey.publicKey,
            counter: passkey.counter,
            transports: JSON.stringify(passkey.transports),
            synced: passkey.synced ? 1 : 0,
            name: passkey.name,
            created_at: passkey.createdAt,
            last_used_at: passkey.lastUsedAt,
          })
          .onConflict((conflict) => conflict.column("credential_id").doNothing())
          .returning("id")
          .executeTakeFirst();
        return row === undefined ? "known" : "added";
      }),

    async list(accountId) {
      const rows = await db
        .selectFrom("passkeys")
        .selectAll()
        .where("account_id", "=", accountId)
        .orderBy("id")
        .execute();
      return rows.map(toRecord);
    },

    async byCredential(credentialId) {
      const row = await db
        .selectFrom("passkeys")
        .selectAll()
        .where("credential_id", "=", credentialId)
        .executeTakeFirst();
      return row && toRecord(row);
    },

    async used(id, counter, synced, now) {
      const done = await db
        .updateTable("passkeys")
        .set({ counter, synced: synced ? 1 : 0, last_used_at: now })
        .where("id", "=", id)
        .where((eb) => eb.or([eb("counter", "<", counter), ...(counter === 0 ? [eb("counter", "=", 0)] : [])]))
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async rename(accountId, id, name) {
      const row = await db
        .updateTable("passkeys")
        .set({ name })
        .where("id", "=", id)
        .where("account_id", "=", accountId)
        .returningAll()
        .executeTakeFirst();
      return row && toRecord(row);
    },
  };
}

function toRecord(row: Selectable<FactorTables["passkeys"]>): PasskeyRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    synced: row.synced === 1,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
