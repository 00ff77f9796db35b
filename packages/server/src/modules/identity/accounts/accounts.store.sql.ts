import type { Role } from "@foyer/protocol";
import { type Kysely, type Selectable, type SqlBool, sql, type Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { CredentialTables } from "../credentials/credentials.tables.ts";
import { insertLink } from "../credentials/links.store.sql.ts";
import type { IdentityTables } from "../identity.tables.ts";
import type { AccountRecord, AccountSecret, AccountsStore, Creation } from "./accounts.store.ts";

type Row = Selectable<IdentityTables["accounts"]>;

/** Ends a transaction so that nothing of it stays. */
class Refused extends Error {
  readonly reason: Extract<Creation, { refused: string }>["refused"];
  constructor(reason: Refused["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

const PARAMETERS = 500;

/** Accounts in SQLite or Postgres. */
export function createAccountsStore(database: Database): AccountsStore {
  const db = database.tables<IdentityTables>();

  async function whereIn(column: "id" | "handle", values: readonly string[]): Promise<AccountRecord[]> {
    const records: AccountRecord[] = [];
    for (let at = 0; at < values.length; at += PARAMETERS) {
      const some = values.slice(at, at + PARAMETERS);
      const rows = await db.selectFrom("accounts").selectAll().where(column, "in", some).execute();
      records.push(...rows.map(toRecord));
    }
    return records;
  }

  async function secret(column: "id" | "handle" | "email", value: string): Promise<AccountSecret | undefined> {
    const row = await db.selectFrom("accounts").selectAll().where(column, "=", value).executeTakeFirst();
    return row === undefined ? undefined : { account: toRecord(row), passwordHash: row.password_hash };
  }

  /** Runs `change` on the account while its role is `role`; `losesOwner` when an owner stops being one by it. */
  function guarded(
    accountId: string,
    role: Role,
    losesOwner: boolean,
    change: (tx: Transaction<IdentityTables>) => Promise<unknown>,
  ): Promise<"done" | "changed" | "last_owner"> {
    return db.transaction().execute(async (tx) => {
      // Locks the one row: what follows sees every change of roles before it, on every engine.
      await tx.updateTable("founding").set({ revision: sql`revision + 1` }).execute();
      const row = await tx.selectFrom("accounts").select("role").where("id", "=", accountId).executeTakeFirst();
      if (row?.role !== role) return "changed";
      if (losesOwner && role === "owner" && !(await hasOtherOwner(tx, accountId))) return "last_owner";
      await change(tx);
      return "done";
    });
  }

  return {
    async create(account, passwordHash, { onlyFirst, link }) {
      try {
        return await db.transaction().execute(async (tx) => {
          const isFirst = account.role !== "guest" && (await found(tx, account.id));
          if (onlyFirst && !isFirst) throw new Refused("closed");
          const created: AccountRecord = isFirst ? { ...account, role: "owner" } : account;
          await insert(tx, created, passwordHash);
          // The same transaction, for the other tables of this module.
          const links = tx as unknown as Transaction<CredentialTables>;
          if (link !== undefined && !(await insertLink(links, account.id, link, account.createdAt))) {
            throw new Refused("link_taken");
          }
          return { account: created };
        });
      } catch (error) {
        if (error instanceof Refused) return { refused: error.reason };
        throw error;
      }
    },
    isFounded: async () => (await db.selectFrom("founding").select("id").executeTakeFirst()) !== undefined,
    byIds: (ids) => whereIn("id", ids),
    byHandles: (handles) => whereIn("handle", handles),
    secretByLogin: (login) => secret(login.includes("@") ? "email" : "handle", login),
    secretById: (accountId) => secret("id", accountId),

    async search(text, limit) {
      const rows = await db
        .selectFrom("accounts")
        .selectAll()
        .where("role", "!=", "guest")
        .where("suspended_at", "is", null)
        .where(contains(text))
        .orderBy(
          sql`case when handle like ${prefix(text)} escape '!' then 0
                   when search_name like ${prefix(text)} escape '!' then 1 else 2 end`,
        )
        .orderBy("handle")
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },

    async page({ text, cursor, limit }) {
      let query = db.selectFrom("accounts").selectAll().orderBy("id", "desc").limit(limit);
      if (text !== "") {
        query = query.where((where) => where.or([contains(text), sql<SqlBool>`email like ${prefix(text)} escape '!'`]));
      }
      if (cursor !== undefined) query = query.where("id", "<", cursor);
      return (await query.execute()).map(toRecord);
    },

    async updateProfile(accountId, { displayName, email }) {
      try {
        const result = await db
          .updateTable("accounts")
          .set({
            ...(displayName === undefined ? {} : { display_name: displayName, search_name: displayName.toLowerCase() }),
            ...(email === undefined
              ? {}
              : { email, email_verified_at: sql`case when email = ${email} then email_verified_at end` }),
          })
          .where("id", "=", accountId)
          .executeTakeFirst();
        return result.numUpdatedRows > 0n ? "done" : "unknown";
      } catch (error) {
        if (isUniqueViolation(error)) return "email_taken";
        throw error;
      }
    },

    async setEmailVerified(accountId, email, at) {
      const done = await db
        .updateTable("accounts")
        .set({ email_verified_at: sql`coalesce(email_verified_at, ${at})` })
        .where("id", "=", accountId)
        .where("email", "=", email)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async setPassword(accountId, passwordHash, ifHash) {
      let query = db.updateTable("accounts").set({ password_hash: passwordHash }).where("id", "=", accountId);
      if (ifHash !== undefined) query = query.where("password_hash", ifHash === null ? "is" : "=", ifHash);
      return (await query.executeTakeFirst()).numUpdatedRows > 0n;
    },

    setRole: (accountId, from, to) =>
      guarded(accountId, from, to !== "owner", (tx) =>
        tx.updateTable("accounts").set({ role: to }).where("id", "=", accountId).execute(),
      ),
    setSuspended: (accountId, role, at) =>
      guarded(accountId, role, at !== null, (tx) =>
        tx.updateTable("accounts").set({ suspended_at: at }).where("id", "=", accountId).execute(),
      ),
  };
}

/** Claims the one row of the founder. Of several at once the others wait here until the first is through. */
async function found(tx: Kysely<IdentityTables>, accountId: string): Promise<boolean> {
  if ((await tx.selectFrom("founding").select("id").executeTakeFirst()) !== undefined) return false;
  const claimed = await tx
    .insertInto("founding")
    .values({ id: 1, account_id: accountId, revision: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return claimed !== undefined;
}

async function insert(tx: Kysely<IdentityTables>, account: AccountRecord, passwordHash: string | null): Promise<void> {
  const kept = await tx
    .selectFrom("kept_handles")
    .select("handle")
    .where("handle", "=", account.handle)
    .where("until", ">", account.createdAt)
    .executeTakeFirst();
  if (kept !== undefined) throw new Refused("handle_taken");
  const inserted = await tx
    .insertInto("accounts")
    .values({
      id: account.id,
      handle: account.handle,
      display_name: account.displayName,
      search_name: account.displayName.toLowerCase(),
      email: account.email,
      avatar: account.avatar,
      role: account.role,
      password_hash: passwordHash,
      created_at: account.createdAt,
      suspended_at: account.suspendedAt,
      email_verified_at: account.emailVerifiedAt ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (inserted !== undefined) return;
  const sameHandle = await tx
    .selectFrom("accounts")
    .select("id")
    .where("handle", "=", account.handle)
    .executeTakeFirst();
  throw new Refused(sameHandle === undefined ? "email_taken" : "handle_taken");
}

async function hasOtherOwner(tx: Kysely<IdentityTables>, accountId: string): Promise<boolean> {
  const other = await tx
    .selectFrom("accounts")
    .select("id")
    .where("role", "=", "owner")
    .where("suspended_at", "is", null)
    .where("id", "!=", accountId)
    .executeTakeFirst();
  return other !== undefined;
}

const escaped = (text: string) => text.toLowerCase().replaceAll(/[!%_]/g, "!$&");
const prefix = (text: string) => `${escaped(text)}%`;
const contains = (text: string) =>
  sql<SqlBool>`(handle like ${`%${escaped(text)}%`} escape '!' or search_name like ${`%${escaped(text)}%`} escape '!')`;

/** Postgres says 23505; SQLite has its extended result codes for unique indexes and primary keys. */
function isUniqueViolation(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === "23505" || errcode === 2067 || errcode === 1555;
}

function toRecord(row: Row): AccountRecord {
  return {
    id: row.id,
    handle: row.handle,
    displayName: row.display_name,
    email: row.email,
    avatar: row.avatar,
    role: row.role,
    createdAt: row.created_at,
    suspendedAt: row.suspended_at,
    emailVerifiedAt: row.email_verified_at,
  };
}
