import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";

/** How many prepared statements are kept. Lists of different lengths in `in (…)` make different texts. */
const keptStatements = 400;

/**
 * Opens a SQLite file (or `:memory:`) for Foyer: write-ahead log, every commit on disk before it returns, foreign
 * keys checked, and up to 5 s of waiting for another process that writes (a command line next to the server).
 */
export function openSqlite(path: string): DatabaseSync {
  if (path !== ":memory:") makePrivate(path);
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory;");
  return database;
}

/** Makes the file if there is none, for its owner alone; SQLite gives the files beside it the same rights. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

/**
 * Gives node:sqlite the shape that Kysely's SqliteDialect wants, and keeps prepared statements by their text: preparing
 * costs several times what running does. Kysely hands out the one connection to one user at a time, so that a cached
 * statement is never run twice at once.
 */
export function kyselyShim(database: DatabaseSync): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const cached = cache.get(sql);
      if (cached !== undefined) return cached;
      // A transaction that reads first and writes later must not find that somebody else wrote in between.
      const made = statement(database.prepare(sql === "begin" ? "begin immediate" : sql));
      if (cache.size >= keptStatements) {
        const oldest = cache.keys().next().value;
        if (oldest !== undefined) cache.delete(oldest);
      }
      cache.set(sql, made);
      return made;
    },
  };
}

function statement(prepared: StatementSync): SqliteStatement {
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...bind(parameters)),
    run: (parameters) => prepared.run(...bind(parameters)),
    iterate: (parameters) => prepared.iterate(...bind(parameters)),
  };
}
