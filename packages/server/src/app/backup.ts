import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock } from "../platform/clock/clock.ts";
import { secretPath } from "../platform/config/config.secrets.ts";
import type { Config } from "../platform/config/config.ts";
import { sqlitePath } from "../platform/db/open.database.ts";
import { copyDatabase, damage } from "../platform/db/sqlite.file.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { vaultKeyPath } from "./vault.ts";
import { version } from "./version.ts";

/** What a backup holds: the names of the keys inside it. */
export interface BackupReport {
  file: string;
  bytes: number;
  keys: string[];
}

/**
 * Writes the embedded database and the keys that Foyer made in the data folder into the new file `file`, readable by
 * the owner alone. May run next to the server. Throws OperatorError when `file` exists or the data is in Postgres.
 */
export async function makeBackup(config: Config, file: string, deps: { clock: Clock }): Promise<BackupReport> {
  const source = embeddedPath(config, "Use pg_dump for the data");
  if (!existsSync(source)) throw new OperatorError(`There is nothing to back up: ${source} does not exist.`);
  if (existsSync(file)) throw new OperatorError(`${file} exists already: choose another name, or remove it first.`);
  const enclosures = [secretPath(config.dataDir), vaultKeyPath(config.dataDir)]
    .filter(existsSync)
    .map((key) => ({ name: basename(key), content: readFileSync(key, "utf8") }));
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  // Made empty first: the keys are never in a file that others may read.
  closeSync(openSync(partial, "wx", 0o600));
  try {
    await copyDatabase(source, partial, { version, madeAt: deps.clock.now() }, enclosures);
    const broken = damage(partial);
    if (broken !== undefined) throw new OperatorError(`The copy is damaged (${broken}): nothing was written.`);
    syncToDisk(partial);
    renameSync(partial, file);
    syncToDisk(dirname(file));
  } finally {
    rmSync(partial, { force: true });
  }
  return { file, bytes: statSync(file).size, keys: enclosures.map((each) => each.name) };
}

/** Path of the embedded database. Throws OperatorError, with what to do instead, when the data is in Postgres. */
export function embeddedPath(config: Config, otherwise: string): string {
  if (!config.databaseUrl.startsWith("file:")) {
    throw new OperatorError(`This command is for the embedded database, but DATABASE_URL is a Postgres. ${otherwise}.`);
  }
  return sqlitePath(config.databaseUrl);
}

/** Waits until a file, or the names in a folder, are on the disk. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
