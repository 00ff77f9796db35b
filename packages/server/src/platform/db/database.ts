import type { Kysely } from "kysely";

export type Engine = "sqlite" | "postgres";

/**
 * The database, whichever engine it is. Each module states its own tables as an interface and asks for them by
 * `tables<T>()`; nobody sees the tables of another module.
 */
export interface Database {
  readonly engine: Engine;
  tables<T>(): Kysely<T>;
  close(): Promise<void>;
}

/** One step of the schema, for both engines. `name` sorts it into the one order: `0001_identity`. */
export interface SchemaStep {
  name: string;
  up(db: Kysely<never>, engine: Engine): Promise<void>;
}
