import { backup, DatabaseSync } from "node:sqlite";
import { openSqlite } from "./sqlite.shim.ts";

/** A small file that travels inside a backup: a key that Foyer made. */
export interface Enclosure {
  name: string;
  content: string;
}

/** What a backup says about itself. */
export interface BackupLabel {
  /** Version of the server that made it. */
  version: string;
  /** Milliseconds since 1970. */
  madeAt: number;
}

const table = "foyer_backup";

/**
 * Copies the database at `source` to the new file `target` as it is at one moment, while others write to it, and puts
 * `enclosures` and the label into the copy. All pages are copied in one step: a copy in parts would begin again with
 * every write of the server.
 */
export async function copyDatabase(
  source: string,
  target: string,
  label: BackupLabel,
  enclosures: readonly Enclosure[],
): Promise<void> {
  const from = new DatabaseSync(source, { readOnly: true, timeout: 5000 });
  try {
    await backup(from, target, { rate: 2_147_483_647 });
  } finally {
    from.close();
  }
  const copy = new DatabaseSync(target);
  try {
    // Out of write-ahead mode: the backup is this one file, with nothing beside it.
    copy.exec("pragma journal_mode = delete; pragma synchronous = extra");
    copy.exec(`create table ${table} (kind text not null, name text not null, content text not null)`);
    const insert = copy.prepare(`insert into ${table} (kind, name, content) values (?, ?, ?)`);
    insert.run("label", "version", label.version);
    insert.run("label", "madeAt", String(label.madeAt));
    for (const { name, content } of enclosures) insert.run("enclosure", name, content);
  } finally {
    copy.close();
  }
}

/** Reads what a backup holds besides the data. Undefined for a file that is no backup of Foyer. */
export function readBackup(path: string): { label: BackupLabel; enclosures: Enclosure[] } | undefined {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare(`select kind, name, content from ${table}`).all() as {
      kind: string;
      name: string;
      content: string;
    }[];
    const label = (name: string) => rows.find((row) => row.kind === "label" && row.name === name)?.content ?? "";
    return {
      label: { version: label("version"), madeAt: Number(label("madeAt")) },
      enclosures: rows.filter((row) => row.kind === "enclosure").map(({ name, content }) => ({ name, content })),
    };
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}

/** Takes everything out of a copy of a backup that only the backup needs; the secrets' bytes are overwritten. */
export function unpackBackup(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(`pragma secure_delete = on; drop table ${table}`);
  } finally {
    database.close();
  }
}

/** The first thing that is wrong with a database file, or undefined when it is sound. Reads the whole file. */
export function damage(path: string): string | undefined {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const [row] = database.prepare("pragma integrity_check(1)").all();
    const answer = String(row?.integrity_check);
    return answer === "ok" ? undefined : answer;
  } catch (error) {
    return error instanceof Error ? error.message : "it cannot be read";
  } finally {
    database.close();
  }
}

/** Brings everything from the write-ahead log into the file itself, so that the file alone is the database. */
export function settle(path: string): void {
  const database = openSqlite(path);
  try {
    database.exec("pragma wal_checkpoint(truncate)");
  } finally {
    database.close();
  }
}
