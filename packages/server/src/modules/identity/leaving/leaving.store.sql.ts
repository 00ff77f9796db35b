import { type Kysely, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { FactorTables } from "../factors/factors.tables.ts";
import type { IdentityTables } from "../identity.tables.ts";
import type { LeavingStore } from "./leaving.store.ts";

type Tables = IdentityTables & FactorTables;

/** Tables in which an account has rows of its own. */
const own = [
  "totp",
  "recovery_codes",
  "passkeys",
  "once",
  "program_tokens",
  "sessions",
  "tickets",
  "account_addresses",
] as const;

/** Leaving in SQLite or Postgres. */
export function createLeavingStore(database: Database): LeavingStore {
  const db = database.tables<Tables>();
  return {
    remove: (accountId, messages, now, keptUntil) =>
      db.transaction().execute(async (tx) => {
        // The lock behind "there is always an owner": see the store of accounts.
        await tx.updateTable("founding").set({ revision: sql`revision + 1` }).execute();
        const account = await tx
          .selectFrom("accounts")
          .select(["role", "handle"])
          .where("id", "=", accountId)
          .executeTakeFirst();
        if (account === undefined) return "unknown";
        if (account.role === "owner" && !(await hasOtherOwner(tx, accountId))) return "last_owner";
        const sessions = await tx
          .selectFrom("sessions")
          .select("id")
          .where("account_id", "=", accountId)
          .where("revoked_at", "is", null)
          .where("expires_at", ">", now)
          .execute();
        const tokens = await tx
          .selectFrom("program_tokens")
          .select(["id", "hash"])
          .where("account_id", "=", accountId)
          .execute();
        await removeRows(tx, [accountId]);
        await tx
          .insertInto("kept_handles")
          .values({ handle: account.handle, until: keptUntil })
          .onConflict((conflict) => conflict.column("handle").doUpdateSet({ until: keptUntil }))
          .execute();
        await tx
          .insertInto("erasures")
          .values({ account_id: accountId, messages, requested_at: now })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        return { sessionIds: sessions.map(({ id }) => id), tokens };
      }),

    async idleGuests(before, after, limit) {
      const rows = await db
        .selectFrom("accounts")
        .select("id")
        .where("role", "=", "guest")
        .where("created_at", "<", before)
        .where("id", ">", after)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom("sessions")
                .select("sessions.id")
                .whereRef("sessions.account_id", "=", "accounts.id")
                .where("last_used_at", ">=", before)
                .where("revoked_at", "is", null),
            ),
          ),
        )
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    removeGuests: (accountIds) =>
      db.transaction().execute(async (tx) => {
        if (accountIds.length === 0) return;
        const guests = await tx
          .selectFrom("accounts")
          .select("id")
          .where("id", "in", [...accountIds])
          .where("role", "=", "guest")
          .execute();
        if (guests.length > 0)
          await removeRows(
            tx,
            guests.map(({ id }) => id),
          );
      }),

    async erasures(limit) {
      const rows = await db.selectFrom("erasures").selectAll().orderBy("requested_at").limit(limit).execute();
      return rows.map((row) => ({ accountId: row.account_id, messages: row.messages }));
    },
    async erased(accountId) {
      await db.deleteFrom("erasures").where("account_id", "=", accountId).execute();
    },
    async freeHandles(now) {
      await db.deleteFrom("kept_handles").where("until", "<=", now).execute();
    },
  };
}

async function removeRows(tx: Kysely<Tables>, accountIds: string[]): Promise<void> {
  for (const table of own) await tx.deleteFrom(table).where("account_id", "in", accountIds).execute();
  await tx.deleteFrom("accounts").where("id", "in", accountIds).execute();
}

async function hasOtherOwner(tx: Kysely<Tables>, accountId: string): Promise<boolean> {
  const other = await tx
    .selectFrom("accounts")
    .select("id")
    .where("role", "=", "owner")
    .where("suspended_at", "is", null)
    .where("id", "!=", accountId)
    .executeTakeFirst();
  return other !== undefined;
}
