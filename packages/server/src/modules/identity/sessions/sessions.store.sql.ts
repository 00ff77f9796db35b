import type { Selectable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { IdentityTables } from "../identity.tables.ts";
import type { SessionRecord, SessionsStore } from "./sessions.store.ts";

/** Sessions in SQLite or Postgres. */
export function createSessionsStore(database: Database): SessionsStore {
  const db = database.tables<IdentityTables>();
  return {
    async add(session) {
      await db
        .insertInto("sessions")
        .values(toRow(session))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async byIds(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom("sessions")
        .selectAll()
        .where("id", "in", [...ids])
        .execute();
      return rows.map(toRecord);
    },

    async active(accountId, now) {
      const rows = await db
        .selectFrom("sessions")
        .selectAll()
        .where("account_id", "=", accountId)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", now)
        .orderBy("last_used_at", "desc")
        .orderBy("id", "desc")
        .limit(200)
        .execute();
      return rows.map(toRecord);
    },

    async revoke(accountId, sessionId, at) {
      const result = await db
        .updateTable("sessions")
        .set({ revoked_at: at })
        .where("id", "=", sessionId)
        .where("account_id", "=", accountId)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", at)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async revokeAll(accountId, at, except) {
      let query = db
        .updateTable("sessions")
        .set({ revoked_at: at })
        .where("account_id", "=", accountId)
        .where("revoked_at", "is", null)
        .returning("id");
      if (except !== undefined) query = query.where("id", "!=", except);
      return (await query.execute()).map(({ id }) => id);
    },

    async extend(sessionId, expiresAt, now) {
      await db
        .updateTable("sessions")
        .set({ expires_at: expiresAt })
        .where("id", "=", sessionId)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", now)
        .where("expires_at", "<", expiresAt)
        .execute();
    },

    exchange: (sessionId, fresh) =>
      db.transaction().execute(async (tx) => {
        const ended = await tx
          .updateTable("sessions")
          .set({ revoked_at: fresh.lastUsedAt })
          .where("id", "=", sessionId)
          .where("account_id", "=", fresh.accountId)
          .where("revoked_at", "is", null)
          .where("expires_at", ">", fresh.lastUsedAt)
          .executeTakeFirst();
        if (ended.numUpdatedRows === 0n) return false;
        await tx.insertInto("sessions").values(toRow(fresh)).execute();
        return true;
      }),

    async forgetProofs(accountId) {
      await db.updateTable("sessions").set({ proven_at: null }).where("account_id", "=", accountId).execute();
    },

    async familiarity({ id, accountId, device, place }, since) {
      const others = db
        .selectFrom("sessions")
        .select("id")
        .where("account_id", "=", accountId)
        .where("id", "!=", id)
        .limit(1);
      if ((await others.executeTakeFirst()) === undefined) return "first";
      const same = others
        .where("last_used_at", ">=", since)
        .where("device", "=", device)
        .where("place", place == null ? "is" : "=", place ?? null);
      return (await same.executeTakeFirst()) === undefined ? "new" : "known";
    },

    async touch(sessionId, at, place) {
      await db
        .updateTable("sessions")
        .set({ last_used_at: at, ...(place === undefined ? {} : { place }) })
        .where("id", "=", sessionId)
        .where("last_used_at", "<", at)
        .execute();
    },

    async seen(accountId, addressHash, at) {
      await db
        .insertInto("account_addresses")
        .values({ account_id: accountId, address_hash: addressHash, last_seen_at: at })
        .onConflict((conflict) => conflict.columns(["account_id", "address_hash"]).doUpdateSet({ last_seen_at: at }))
        .execute();
    },

    async addresses(accountId, since) {
      const rows = await db
        .selectFrom("account_addresses")
        .select("address_hash")
        .where("account_id", "=", accountId)
        .where("last_seen_at", ">=", since)
        .orderBy("last_seen_at", "desc")
        .limit(100)
        .execute();
      return rows.map((row) => row.address_hash);
    },

    async sweep(before) {
      await db.deleteFrom("sessions").where("expires_at", "<", before).execute();
      await db.updateTable("sessions").set({ place: null }).where("last_used_at", "<", before).execute();
      await db.deleteFrom("account_addresses").where("last_seen_at", "<", before).execute();
    },
  };
}

function toRecord(row: Selectable<IdentityTables["sessions"]>): SessionRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    device: row.device,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    place: row.place,
    endsAt: row.ends_at,
    provenAt: row.proven_at,
  };
}

function toRow(session: SessionRecord): Selectable<IdentityTables["sessions"]> {
  return {
    id: session.id,
    account_id: session.accountId,
    device: session.device,
    created_at: session.createdAt,
    last_used_at: session.lastUsedAt,
    expires_at: session.expiresAt,
    revoked_at: session.revokedAt,
    place: session.place ?? null,
    ends_at: session.endsAt ?? null,
    proven_at: session.provenAt ?? null,
  };
}
