import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { Credential, CredentialsStore, SealedTokens } from "./credentials.store.ts";
import type { CredentialTables } from "./credentials.tables.ts";
import { scopeText } from "./links.store.sql.ts";
import type { LinkKey } from "./links.store.ts";

type Tables = Kysely<CredentialTables>;

/** Credentials in the database. Every write that follows a read carries the version that was read. */
export function createCredentialsStore(database: Database): CredentialsStore {
  const db = database.tables<CredentialTables>();

  return {
    async find({ accountId, provider }) {
      const row = await db
        .selectFrom("credentials")
        .selectAll()
        .where("account_id", "=", accountId)
        .where("provider", "=", provider)
        .executeTakeFirst();
      return row && credentialOf(row);
    },

    put(key, tokens, scopes, now) {
      return db.transaction().execute(async (tx) => {
        const linked = await links(tx, key)
          .set({ status: "active", reason: null, checked_at: now, ...scopesOf(scopes) })
          .executeTakeFirst();
        if (linked.numUpdatedRows === 0n) return false;
        const columns = { ...columnsOf(tokens), ...settled, refreshed_at: now };
        await tx
          .insertInto("credentials")
          // Begins at the time: tokens that come after a removal never have a version that was there before it.
          .values({ account_id: key.accountId, provider: key.provider, ...columns, version: now, created_at: now })
          .onConflict((conflict) =>
            conflict
              .columns(["account_id", "provider"])
              .doUpdateSet({ ...columns, version: sql`credentials.version + 1` }),
          )
          .execute();
        return true;
      });
    },

    async lease(key, version, { id, until, now }) {
      const done = await credentials(db, key)
        .set({ lease_id: id, lease_until: until })
        .where("version", "=", version)
        .where("lease_until", "<=", now)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },

    async spend(key, version, { id, until, now }) {
      const done = await credentials(db, key)
        .set({ spent_at: now, lease_until: until })
        .where("version", "=", version)
        .where("lease_id", "=", id)
        .where("lease_until", ">", now)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },

    replace(key, version, tokens, scopes, now) {
      return db.transaction().execute(async (tx) => {
        const done = await credentials(tx, key)
          .set({ ...columnsOf(tokens), ...settled, refreshed_at: now, version: version + 1 })
          .where("version", "=", version)
          .executeTakeFirst();
        if (done.numUpdatedRows === 0n) return false;
        if (scopes !== undefined) await links(tx, key).set(scopesOf(scopes)).execute();
        return true;
      });
    },

    async release(key, leaseId, { unspent }) {
      await credentials(db, key)
        .set({ lease_id: null, lease_until: 0, ...(unspent ? { spent_at: null } : {}) })
        .where("lease_id", "=", leaseId)
        .execute();
    },

    revoke(key, version, reason) {
      return db.transaction().execute(async (tx) => {
        let removal = tx
          .deleteFrom("credentials")
          .where("account_id", "=", key.accountId)
          .where("provider", "=", key.provider);
        if (version !== undefined) removal = removal.where("version", "=", version);
        const removed = await removal.executeTakeFirst();
        if (version !== undefined && removed.numDeletedRows === 0n) return false;
        const marked = await links(tx, key)
          .set({ status: "revoked", reason })
          .where("status", "=", "active")
          .executeTakeFirst();
        return marked.numUpdatedRows === 1n;
      });
    },

    async markLost(key, version, at) {
      const done = await credentials(db, key)
        .set({ lost_at: at })
        .where("version", "=", version)
        .where("lost_at", at === null ? "is not" : "is", null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },

    async underOtherKeys(keyId, after, limit) {
      let query = db
        .selectFrom("credentials")
        .selectAll()
        .where("key_id", "!=", keyId)
        .orderBy("account_id")
        .orderBy("provider")
        .limit(limit);
      if (after !== undefined) {
        query = query.where(sql<boolean>`(account_id, provider) > (${after.accountId}, ${after.provider})`);
      }
      return (await query.execute()).map(credentialOf);
    },

    async rewrap(key, version, { access, refresh, keyId }, now) {
      const done = await credentials(db, key)
        .set({ access_sealed: access, refresh_sealed: refresh, key_id: keyId, lost_at: null })
        .where("version", "=", version)
        .where("lease_until", "<=", now)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    },

    async countByKey() {
      const rows = await db
        .selectFrom("credentials")
        .select((e) => ["key_id", e.fn.countAll<number>().as("total"), e.fn.count<number>("lost_at").as("lost")])
        .groupBy("key_id")
        .orderBy("key_id")
        .execute();
      return rows.map((row) => ({ keyId: row.key_id, total: row.total, lost: row.lost }));
    },
  };
}

/** Columns of a credential on which nothing is under way. */
const settled = { lease_id: null, lease_until: 0, spent_at: null, lost_at: null } as const;

function columnsOf({ access, refresh, keyId, expiresAt }: SealedTokens) {
  return { access_sealed: access, refresh_sealed: refresh, key_id: keyId, expires_at: expiresAt };
}

function scopesOf(scopes: readonly string[] | undefined): { scopes?: string } {
  return scopes === undefined ? {} : { scopes: scopeText(scopes) };
}

function credentials(db: Tables, { accountId, provider }: LinkKey) {
  return db.updateTable("credentials").where("account_id", "=", accountId).where("provider", "=", provider);
}

function links(db: Tables, { accountId, provider }: LinkKey) {
  return db.updateTable("identity_links").where("account_id", "=", accountId).where("provider", "=", provider);
}

function credentialOf(row: Selectable<CredentialTables["credentials"]>): Credential {
  return {
    accountId: row.account_id,
    provider: row.provider,
    access: row.access_sealed,
    refresh: row.refresh_sealed,
    keyId: row.key_id,
    expiresAt: row.expires_at,
    version: row.version,
    leaseUntil: row.lease_until,
    spentAt: row.spent_at,
    lostAt: row.lost_at,
    refreshedAt: row.refreshed_at,
  };
}
