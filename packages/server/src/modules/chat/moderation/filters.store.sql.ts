import type { Database } from "../../../platform/db/database.ts";
import type { ChatTables } from "../chat.tables.ts";
import type { FiltersStore } from "./filters.store.ts";

/** FiltersStore over SQL, on SQLite and Postgres. */
export function createSqlFiltersStore(database: Database): FiltersStore {
  const db = database.tables<ChatTables>();
  return {
    list: () => db.selectFrom("word_filters").selectAll().orderBy("created_at").orderBy("id").execute(),
    async add(filter) {
      await db.insertInto("word_filters").values(filter).execute();
    },
    remove: (filterId) => db.deleteFrom("word_filters").where("id", "=", filterId).returningAll().executeTakeFirst(),
  };
}
