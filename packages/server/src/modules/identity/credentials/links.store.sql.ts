import type { Kysely, Selectable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { CredentialTables } from "./credentials.tables.ts";
import type { IdentityLink, LinkKey, LinksStore, NewLink } from "./links.store.ts";

/** Scopes as they are stored: sorted, each once. */
export function scopeText(scopes: readonly string[]): string {
  return [...new Set(scopes)].sort().join(" ");
}

/**
 * Makes a link inside a transaction of somebody else's. False: the account has one of this provider, or the outside
 * account belongs to another account; nothing was changed then.
 */
export async function insertLink(
  tx: Kysely<CredentialTables>,
  accountId: string,
  link: NewLink,
  now: number,
): Promise<boolean> {
  const inserted = await tx
    .insertInto("identity_links")
    .values({
      account_id: accountId,
      provider: link.provider,
      subject: link.subject,
      ...renewed(link),
      linked_at: now,
      checked_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** What a new sign-in brings. */
function renewed({ name, permissionLevel, scopes }: NewLink) {
  const scope = scopeText(scopes);
  return { name, permission_level: permissionLevel, scopes: scope, status: "active", reason: null } as const;
}

/** Identity links in the database. */
export function createLinksStore(database: Database): LinksStore {
  const db = database.tables<CredentialTables>();

  return {
    put({ accountId, ...link }, now) {
      return db.transaction().execute(async (tx) => {
        if (await insertLink(tx, accountId, link, now)) return "stored";
        const updated = await at(tx, { accountId, provider: link.provider })
          .set({ ...renewed(link), checked_at: now })
          .where("subject", "=", link.subject)
          .executeTakeFirst();
        return updated.numUpdatedRows === 1n ? "stored" : "taken";
      });
    },

    async find({ accountId, provider }) {
      const row = await db
        .selectFrom("identity_links")
        .selectAll()
        .where("account_id", "=", accountId)
        .where("provider", "=", provider)
        .executeTakeFirst();
      return row && linkOf(row);
    },

    async bySubject(provider, subject) {
      const row = await db
        .selectFrom("identity_links")
        .selectAll()
        .where("provider", "=", provider)
        .where("subject", "=", subject)
        .executeTakeFirst();
      return row && linkOf(row);
    },

    async list(accountId) {
      const rows = await db
        .selectFrom("identity_links")
        .selectAll()
        .where("account_id", "=", accountId)
        .orderBy("provider")
        .execute();
      return rows.map(linkOf);
    },

    async setPermissionLevel(key, level) {
      await at(db, key).set({ permission_level: level }).execute();
    },

    async claimDue(provider, before, now, limit) {
      const rows = await db
        .updateTable("identity_links")
        .set({ checked_at: now })
        .where("provider", "=", provider)
        .where("checked_at", "<=", before)
        .where("status", "=", "active")
        .where("account_id", "in", (from) => {
          const due = from
            .selectFrom("identity_links")
            .select("account_id")
            .where("provider", "=", provider)
            .where("status", "=", "active")
            .where("checked_at", "<=", before)
            .orderBy("checked_at")
            .limit(limit);
          return database.engine === "postgres" ? due.forUpdate().skipLocked() : due;
        })
        .returning("account_id")
        .execute();
      return rows.map((row) => ({ accountId: row.account_id, provider }));
    },

    async noteCheck(key, { checkedAt, scopes, name }) {
      await at(db, key)
        .set({
          checked_at: checkedAt,
          ...(scopes === undefined ? {} : { scopes: scopeText(scopes) }),
          ...(name === undefined ? {} : { name }),
        })
        .execute();
    },

    remove({ accountId, provider }) {
      return db.transaction().execute(async (tx) => {
        await tx
          .deleteFrom("credentials")
          .where("account_id", "=", accountId)
          .where("provider", "=", provider)
          .execute();
        const removed = await tx
          .deleteFrom("identity_links")
          .where("account_id", "=", accountId)
          .where("provider", "=", provider)
          .executeTakeFirst();
        return removed.numDeletedRows > 0n;
      });
    },
  };
}

function at(db: Kysely<CredentialTables>, { accountId, provider }: LinkKey) {
  return db.updateTable("identity_links").where("account_id", "=", accountId).where("provider", "=", provider);
}

function linkOf(row: Selectable<CredentialTables["identity_links"]>): IdentityLink {
  return {
    accountId: row.account_id,
    provider: row.provider,
    subject: row.subject,
    name: row.name,
    permissionLevel: row.permission_level,
    scopes: row.scopes === "" ? [] : row.scopes.split(" "),
    status: row.status,
    reason: row.reason,
    linkedAt: row.linked_at,
    checkedAt: row.checked_at,
  };
}
