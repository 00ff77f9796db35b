import { dirname } from "node:path";
import { sql } from "kysely";
import type { Logger } from "pino";
import type { Bus } from "../../platform/bus/bus.ts";
import { createMemoryBus } from "../../platform/bus/memory.bus.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { Config } from "../../platform/config/config.ts";
import type { Database } from "../../platform/db/database.ts";
import { type FolderLock, lockFolder } from "../../platform/db/folder.lock.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { lockNode, type NodeLock } from "../../platform/db/node.lock.ts";
import { openDatabase, sqlitePath } from "../../platform/db/open.database.ts";
import { OperatorError } from "../../platform/errors/operator.error.ts";
import { createMemoryLimiter } from "../../platform/limits/memory.limiter.ts";
import type { RateLimiter } from "../../platform/limits/rate.limiter.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { schemaSteps } from "../schema.ts";

/** The adapters that the modules run on. */
export interface Backend {
  name: string;
  db: Database;
  bus: Bus;
  limiter: RateLimiter;
  /** Names this node among several; undefined where it is alone. */
  nodeId: string | undefined;
  /** Whether the database answers. */
  health(): Promise<"ok" | "failing">;
}

/** What the embedded backend needs. `lost` is called when another server took the database over. */
export interface BackendDeps {
  config: Config;
  log: Logger;
  clock: Clock;
  lifecycle: Lifecycle;
  lost: () => void;
}

/**
 * One process: SQLite (or one Postgres), bus and rate limits in memory. Takes the data folder and the database for
 * itself before it touches them, and brings the schema up to date.
 */
export async function openEmbedded({ config, log, clock, lifecycle, lost }: BackendDeps): Promise<Backend> {
  const folders: FolderLock[] = [];
  await lifecycle.start({
    name: "data folder",
    start() {
      for (const folder of foldersOf(config)) folders.push(lockFolder(folder));
    },
    stop() {
      for (const lock of folders) lock.release();
    },
  });

  if (!config.databaseUrl.startsWith("file:")) {
    let lock: NodeLock | undefined;
    await lifecycle.start({
      name: "database lock",
      async start() {
        lock = await explained(config, () => lockNode(config.databaseUrl, { log, lost }));
      },
      stop: () => lock?.release(),
    });
  }

  const db = openDatabaseOrExplain(config, log);
  await lifecycle.start({ name: "database", stop: () => db.close() });
  await migrate(db, schemaSteps, { log, clock });

  const bus = createMemoryBus({ log: log.child({ component: "bus" }) });
  await lifecycle.start({ name: "bus", stop: () => bus.close() });
  return {
    name: "embedded",
    db,
    bus,
    limiter: createMemoryLimiter(clock),
    nodeId: undefined,
    health: () => databaseHealth(db, log),
  };
}

/** Whether the database answers. */
export async function databaseHealth(db: Database, log: Logger): Promise<"ok" | "failing"> {
  try {
    await sql`select 1`.execute(db.tables());
    return "ok";
  } catch (error) {
    log.error({ err: error }, "the database does not answer");
    return "failing";
  }
}

/** Opens the database of the configuration. Throws OperatorError with the reason when it cannot be opened. */
export function openDatabaseOrExplain(config: Config, log: Logger): Database {
  try {
    return openDatabase(config.databaseUrl, { log });
  } catch (error) {
    throw cannotOpen(config, error);
  }
}

/** Runs what opens the database; what goes wrong becomes an OperatorError with the reason. */
export async function explained<T>(config: Config, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw error instanceof OperatorError ? error : cannotOpen(config, error);
  }
}

function cannotOpen(config: Config, error: unknown): OperatorError {
  const embedded = config.databaseUrl.startsWith("file:");
  const name = embedded ? sqlitePath(config.databaseUrl) : `Postgres at ${new URL(config.databaseUrl).host}`;
  // A refused connection to a name with several addresses has no message of its own.
  const reason = error instanceof AggregateError ? (error.errors as unknown[])[0] : error;
  return new OperatorError(
    `The database (${name}) cannot be opened: ${reason instanceof Error ? reason.message : "unknown reason"}.`,
  );
}

/** The data folder, and the folder of the database file when it lies elsewhere. */
function foldersOf(config: Config): Set<string> {
  const folders = new Set([config.dataDir]);
  if (config.databaseUrl.startsWith("file:")) {
    const path = sqlitePath(config.databaseUrl);
    if (path !== ":memory:") folders.add(dirname(path));
  }
  return folders;
}
