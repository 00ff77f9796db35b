import type { Database } from "../../../platform/db/database.ts";
import type { HearingTables } from "./hearing.tables.ts";
import type { LeaseStore } from "./lease.store.ts";

/** The lease called `name`, in SQLite or Postgres. */
export function createLeaseStore(database: Database, name: string): LeaseStore {
  const db = database.tables<HearingTables>();
  return {
    async take(holder, now, until) {
      const taken = await db
        .insertInto("hearing_leases")
        .values({ name, holder, lease_until: until, memo: "" })
        .onConflict((conflict) =>
          conflict
            .column("name")
            .doUpdateSet({ holder, lease_until: until })
            .where((where) =>
              where.or([where("hearing_leases.holder", "=", holder), where("hearing_leases.lease_until", "<=", now)]),
            ),
        )
        .returning("holder")
        .executeTakeFirst();
      return taken?.holder === holder;
    },
    async release(holder) {
      await db
        .updateTable("hearing_leases")
        .set({ lease_until: 0 })
        .where("name", "=", name)
        .where("holder", "=", holder)
        .execute();
    },
    async remember(holder, memo) {
      const done = await db
        .updateTable("hearing_leases")
        .set({ memo })
        .where("name", "=", name)
        .where("holder", "=", holder)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
    async recall() {
      const row = await db.selectFrom("hearing_leases").select("memo").where("name", "=", name).executeTakeFirst();
      return row?.memo ?? "";
    },
  };
}
