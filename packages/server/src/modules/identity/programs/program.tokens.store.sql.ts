import type { TokenScope } from "@foyer/protocol";
import { type Selectable, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { FactorTables } from "../factors/factors.tables.ts";
import type { ProgramTokenRecord, ProgramTokensStore } from "./program.tokens.store.ts";

/** Tokens for programs in SQLite or Postgres. */
export function createProgramTokensStore(database: Database): ProgramTokensStore {
  const db = database.tables<FactorTables>();

  async function by(column: "id" | "hash", value: string): Promise<ProgramTokenRecord | undefined> {
    const row = await db.selectFrom("program_tokens").selectAll().where(column, "=", value).executeTakeFirst();
    return row && toRecord(row);
  }

  return {
    add: (token, most) =>
      db.transaction().execute(async (tx) => {
        // Locks the account, so that two at once cannot both be the last that fits.
        await sql`update accounts set role = role where id = ${token.accountId}`.execute(tx);
        const { count } = await tx
          .selectFrom("program_tokens")
          .select((eb) => eb.fn.countAll<number>().as("count"))
          .where("account_id", "=", token.accountId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= most) return false;
        await tx
          .insertInto("program_tokens")
          .values({
            id: token.id,
            account_id: token.accountId,
            name: token.name,
            hash: token.hash,
            hint: token.hint,
            scopes: token.scopes.join(" "),
            created_at: token.createdAt,
            expires_at: token.expiresAt,
            last_used_at: token.lastUsedAt,
          })
          .execute();
        return true;
      }),
    byHash: (hash) => by("hash", hash),
    byId: (id) => by("id", id),
    async list(accountId) {
      const rows = await db
        .selectFrom("program_tokens")
        .selectAll()
        .where("account_id", "=", accountId)
        .orderBy("id", "desc")
        .execute();
      return rows.map(toRecord);
    },
    async remove(accountId, id) {
      const row = await db
        .deleteFrom("program_tokens")
        .where("id", "=", id)
        .where("account_id", "=", accountId)
        .returningAll()
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async touch(id, at) {
      await db
        .updateTable("program_tokens")
        .set({ last_used_at: at })
        .where("id", "=", id)
        .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<", at)]))
        .execute();
    },
  };
}

function toRecord(row: Selectable<FactorTables["program_tokens"]>): ProgramTokenRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    hash: row.hash,
    hint: row.hint,
    scopes: row.scopes.split(" ") as TokenScope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
