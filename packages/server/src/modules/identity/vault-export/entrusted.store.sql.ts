import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { CredentialTables } from "../credentials/credentials.tables.ts";
import { scopeText } from "../credentials/links.store.sql.ts";
import type { IdentityLink, LinkKey } from "../credentials/links.store.ts";
import type { IdentityTables } from "../identity.tables.ts";
import type { Brought, EntrustedStore, Held, StoredTokens } from "./entrusted.store.ts";

type Tables = CredentialTables & Pick<IdentityTables, "accounts">;

/** Takes a transaction back in which something was not as it had been seen. */
class Changed extends Error {}

/** What is entrusted, in the database. */
export function createEntrustedStore(database: Database): EntrustedStore {
  const db = database.tables<Tables>();

  return {
    async count() {
      const found = await db
        .selectFrom("identity_links")
        .select((e) => e.fn.countAll<number>().as("links"))
        .executeTakeFirstOrThrow();
      return found.links;
    },

    async page(after, limit) {
      let query = joined(db).orderBy("l.account_id").orderBy("l.provider").limit(limit);
      if (after !== undefined) {
        query = query.where(sql<boolean>`(l.account_id, l.provider) > (${after.accountId}, ${after.provider})`);
      }
      return (await query.execute()).map((row) => ({ handle: row.handle, link: linkOf(row), tokens: tokensOf(row) }));
    },

    async find({ accountId, provider }): Promise<Held | undefined> {
      const account = await db.selectFrom("accounts").select("handle").where("id", "=", accountId).executeTakeFirst();
      if (account === undefined) return undefined;
      const row = await joined(db)
        .where("l.account_id", "=", accountId)
        .where("l.provider", "=", provider)
        .executeTakeFirst();
      return {
        handle: account.handle,
        link: row === undefined ? null : linkOf(row),
        tokens: row === undefined ? null : tokensOf(row),
      };
    },

    async bring({ link, tokens }, seen, now) {
      try {
        await db.transaction().execute(async (tx) => {
          await (seen.link === null ? addLink(tx, link) : changeLink(tx, link));
          if (tokens === null) return;
          await (seen.tokens === null
            ? addTokens(tx, link, tokens, now)
            : changeTokens(tx, link, tokens, seen.tokens.version, now));
        });
        return true;
      } catch (error) {
        if (error instanceof Changed) return false;
        throw error;
      }
    },
  };
}

function joined(db: Kysely<Tables>) {
  return db
    .selectFrom("identity_links as l")
    .innerJoin("accounts as a", "a.id", "l.account_id")
    .leftJoin("credentials as c", (join) =>
      join.onRef("c.account_id", "=", "l.account_id").onRef("c.provider", "=", "l.provider"),
    )
    .select(["a.handle", "l.account_id", "l.provider", "l.subject", "l.name", "l.permission_level", "l.scopes"])
    .select(["l.status", "l.reason", "l.linked_at", "l.checked_at"])
    .select(["c.access_sealed", "c.refresh_sealed", "c.key_id", "c.expires_at", "c.refreshed_at", "c.version"]);
}

type Row = Awaited<ReturnType<ReturnType<typeof joined>["execute"]>>[number];

function linkOf(row: Row): IdentityLink {
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

function tokensOf(row: Row): StoredTokens | null {
  if (row.access_sealed === null || row.key_id === null || row.refreshed_at === null || row.version === null)
    return null;
  return {
    access: row.access_sealed,
    refresh: row.refresh_sealed,
    keyId: row.key_id,
    expiresAt: row.expires_at,
    refreshedAt: row.refreshed_at,
    version: row.version,
  };
}

/** Never checked: the next round of checks asks the provider whether the grant still stands. */
const unchecked = { checked_at: 0 } as const;

async function addLink(tx: Transaction<Tables>, link: IdentityLink): Promise<void> {
  const { accountId, provider, subject, name, permissionLevel, status, reason, linkedAt } = link;
  const added = await tx
    .insertInto("identity_links")
    .values({
      ...{ account_id: accountId, provider, subject, name, permission_level: permissionLevel },
      ...{ scopes: scopeText(link.scopes), status, reason, linked_at: linkedAt, ...unchecked },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new Changed();
}

async function changeLink(tx: Transaction<Tables>, link: IdentityLink): Promise<void> {
  const { accountId, provider, subject, permissionLevel, status, reason } = link;
  const changed = await tx
    .updateTable("identity_links")
    .set({ permission_level: permissionLevel, scopes: scopeText(link.scopes), status, reason, ...unchecked })
    .where("account_id", "=", accountId)
    .where("provider", "=", provider)
    .where("subject", "=", subject)
    .executeTakeFirst();
  if (changed.numUpdatedRows !== 1n) throw new Changed();
}

type Fresh = NonNullable<Brought["tokens"]>;

function columnsOf({ access, refresh, keyId, expiresAt, refreshedAt }: Fresh) {
  return {
    ...{ access_sealed: access, refresh_sealed: refresh, key_id: keyId, expires_at: expiresAt },
    ...{ refreshed_at: refreshedAt, lease_id: null, lease_until: 0, spent_at: null, lost_at: null },
  };
}

async function addTokens(tx: Transaction<Tables>, key: LinkKey, tokens: Fresh, now: number): Promise<void> {
  const added = await tx
    .insertInto("credentials")
    // Versions begin at the time: see the store of credentials.
    .values({ account_id: key.accountId, provider: key.provider, ...columnsOf(tokens), version: now, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new Changed();
}

async function changeTokens(
  tx: Transaction<Tables>,
  key: LinkKey,
  tokens: Fresh,
  version: number,
  now: number,
): Promise<void> {
  const changed = await tx
    .updateTable("credentials")
    .set({ ...columnsOf(tokens), version: version + 1 })
    .where("account_id", "=", key.accountId)
    .where("provider", "=", key.provider)
    .where("version", "=", version)
    .where("lease_until", "<=", now)
    .executeTakeFirst();
  if (changed.numUpdatedRows !== 1n) throw new Changed();
}
