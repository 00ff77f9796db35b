import type { Selectable } from "kysely";
import type { ChatTables } from "../chat.tables.ts";

export type FilterRow = Selectable<ChatTables["word_filters"]>;

/** Word filters of the server. Every method is one atomic step. */
export interface FiltersStore {
  /** All of them, oldest first. */
  list(): Promise<FilterRow[]>;
  add(filter: FilterRow): Promise<void>;
  /** The filter that was removed; undefined when there was none. */
  remove(filterId: string): Promise<FilterRow | undefined>;
}
