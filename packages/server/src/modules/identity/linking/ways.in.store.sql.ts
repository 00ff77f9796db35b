import { type Kysely, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { CredentialTables } from "../credentials/credentials.tables.ts";
import type { FactorTables } from "../factors/factors.tables.ts";
import type { IdentityTables } from "../identity.tables.ts";
import { leadsInWithout, type WaysIn, type WaysInStore } from "./ways.in.store.ts";

type Tables = IdentityTables & CredentialTables & FactorTables;

/** Ways to sign in, in SQLite or Postgres. */
export function createWaysInStore(database: Database): WaysInStore {
  const db = database.tables<Tables>();
  return {
    ofAccount: (accountId) => waysIn(db, accountId),

    removeUnlessLast: (accountId, way, usable) =>
      db.transaction().execute(async (tx) => {
        // Holds the account's row until the end: of two removals the second sees what the first has left.
        await tx.updateTable("accounts").set({ role: sql`role` }).where("id", "=", accountId).execute();
        const ways = await waysIn(tx, accountId);
        const isKnown =
          "provider" in way
            ? ways.links.some(({ provider }) => provider === way.provider)
            : ways.passkeys.includes(way.passkeyId);
        if (!isKnown) return "unknown";
        if (!leadsInWithout(ways, way, usable)) return "last";
        if ("passkeyId" in way) {
          await tx.deleteFrom("passkeys").where("account_id", "=", accountId).where("id", "=", way.passkeyId).execute();
          return "removed";
        }
        for (const table of ["credentials", "identity_links"] as const) {
          await tx.deleteFrom(table).where("account_id", "=", accountId).where("provider", "=", way.provider).execute();
        }
        return "removed";
      }),
  };
}

async function waysIn(db: Kysely<Tables>, accountId: string): Promise<WaysIn> {
  const account = await db
    .selectFrom("accounts")
    .select("password_hash")
    .where("id", "=", accountId)
    .executeTakeFirst();
  const links = await db
    .selectFrom("identity_links")
    .select(["provider", "status"])
    .where("account_id", "=", accountId)
    .execute();
  const passkeys = await db.selectFrom("passkeys").select("id").where("account_id", "=", accountId).execute();
  return {
    hasPassword: typeof account?.password_hash === "string",
    links: links.map(({ provider, status }) => ({ provider, isActive: status === "active" })),
    passkeys: passkeys.map(({ id }) => id),
  };
}
