import { fileURLToPath } from "node:url";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import { kyselyShim, openSqlite } from "./sqlite.shim.ts";

/** What a database needs of its surroundings. */
export interface DatabaseDeps {
  log: Logger;
  /** Milliseconds after which an idle connection to Postgres is given back. Default: 10 s. */
  idleMs?: number;
}

/** The path that a `file:` address means, relative to where the process was started; `:memory:` is itself. */
export function sqlitePath(url: string): string {
  if (url.startsWith("file://")) return fileURLToPath(url);
  return url.replace(/^file:/, "");
}

/**
 * Opens `file:<path>` or `:memory:` with SQLite, `postgres://…` with Postgres. Nothing is created in it: see `migrate`.
 * SQLite throws at once when the file cannot be opened; Postgres is reached with the first query.
 */
export function openDatabase(url: string, deps: DatabaseDeps): Database {
  return /^postgres(?:ql)?:/.test(url) ? openPostgres(url, deps) : openEmbedded(sqlitePath(url));
}

function openEmbedded(path: string): Database {
  const sqlite = openSqlite(path);
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: kyselyShim(sqlite) }) });
  return {
    engine: "sqlite",
    tables: <T>() => db as unknown as Kysely<T>,
    async close() {
      await db.destroy();
      // Kysely closes a connection only once it was used.
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

const int8 = 20;

/** Times, offsets and counts stay far below 2^53: numbers, as SQLite gives them, instead of pg's text. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  if (oid === int8 && format !== "binary") return Number;
  return format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text");
}

function openPostgres(url: string, { log, idleMs = 10_000 }: DatabaseDeps): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    idleTimeoutMillis: idleMs,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn({ err: error }, "a connection to Postgres was lost"));
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    engine: "postgres",
    tables: <T>() => db as unknown as Kysely<T>,
    async close() {
      closing ??= db.destroy().then(() => (pool.ended ? undefined : pool.end()));
      await closing;
    },
  };
}
