import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Logger } from "pino";
import { holdRestoredAlerts } from "../modules/alerts/index.ts";
import { renewEpochs } from "../modules/chat/index.ts";
import { type Clock, type Ids, isoTime } from "../platform/clock/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { lockFolder } from "../platform/db/folder.lock.ts";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open.database.ts";
import { damage, readBackup, settle, unpackBackup } from "../platform/db/sqlite.file.ts";
import { OperatorError } from "../platform/errors/operator.error.ts";
import { embeddedPath, syncToDisk } from "./backup.ts";
import { schemaSteps } from "./schema.ts";

/** What was put back. `kept` is where the data that was there before lies now. */
export interface RestoreReport {
  madeAt: string;
  version: string;
  keys: string[];
  kept: string | undefined;
}

/**
 * Puts a backup in the place of the embedded database. Checks it first, brings it up to this version's schema and
 * gives every room a new epoch, because offsets that clients have seen may be given out again; alerts that may have been
 * sent since are held. What was there before is kept beside it. Throws OperatorError for a bad file, FolderInUseError while a server runs.
 */
export async function restoreBackup(
  config: Config,
  file: string,
  deps: { clock: Clock; ids: Ids; log: Logger },
): Promise<RestoreReport> {
  const target = embeddedPath(config, "Use pg_restore, then `foyer migrate --restored`");
  if (!existsSync(file)) throw new OperatorError(`${file} does not exist.`);
  const lock = lockFolder(config.dataDir);
  const fresh = `${target}.restoring`;
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    remove(fresh);
    copyFileSync(file, fresh);
    chmodSync(fresh, 0o600);
    const broken = damage(fresh);
    if (broken !== undefined)
      throw new OperatorError(`${file} is damaged or no backup of Foyer (${broken}): nothing was changed.`);
    const held = readBackup(fresh);
    if (held === undefined) throw new OperatorError(`${file} is not a backup of Foyer: nothing was changed.`);
    unpackBackup(fresh);
    const database = openDatabase(`file:${fresh}`, { log: deps.log });
    try {
      await migrate(database, schemaSteps, deps);
      await renewEpochs(database, deps.ids);
      await holdRestoredAlerts(database, deps.clock.now());
    } finally {
      await database.close();
    }
    settle(fresh);
    syncToDisk(fresh);
    const stamp = isoTime(deps.clock.now()).replace(/[:.]/g, "-");
    const kept = existsSync(target) ? `${target}.before-${stamp}` : undefined;
    if (kept !== undefined) {
      settle(target);
      copyFileSync(target, kept);
      chmodSync(kept, 0o600);
      syncToDisk(kept);
    }
    for (const { name, content } of held.enclosures) putKey(join(config.dataDir, basename(name)), content, stamp);
    // One rename: whenever the power fails, there is either the old database or the new one.
    renameSync(fresh, target);
    syncToDisk(dirname(target));
    const keys = held.enclosures.map((each) => each.name);
    return { madeAt: isoTime(held.label.madeAt), version: held.label.version, keys, kept };
  } finally {
    remove(fresh);
    lock.release();
  }
}

function putKey(path: string, content: string, stamp: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") !== content) renameSync(path, `${path}.before-${stamp}`);
  writeFileSync(path, content, { mode: 0o600 });
  syncToDisk(path);
}

function remove(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
}
