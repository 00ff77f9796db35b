import { type Kysely, sql } from "kysely";
import type { Logger } from "pino";
import { type Clock, systemClock } from "../clock/clock.ts";
import { OperatorError } from "../errors/operator.error.ts";
import type { Database, SchemaStep } from "./database.ts";

/** A database that this version cannot bring up to date. `message` is one line for the operator. */
export class SchemaError extends OperatorError {
  constructor(message: string) {
    super(message);
    this.name = "SchemaError";
  }
}

interface SchemaTables {
  schema_steps: { name: string; applied_at: number };
}

/** Where a database stands: what was applied, and what of `steps` is still missing. */
export interface SchemaState {
  applied: string[];
  missing: string[];
  unknown: string[];
}

/** Any number that no other program uses; each schema of one Postgres database has its own lock. */
const lockKey = sql`hashtextextended('foyer.migrate.' || current_schema(), 0)`;

/**
 * Brings the database up to the last of `steps`, which are sorted by name. Each step and its record are one
 * transaction under a lock, so that of several processes that start at once each step runs once, and a crash leaves
 * whole steps. Returns the names that were applied now. Throws SchemaError for a database that a newer version made.
 */
export async function migrate(
  database: Database,
  steps: readonly SchemaStep[],
  { log, clock = systemClock }: { log: Logger; clock?: Clock },
): Promise<string[]> {
  checkOrder(steps);
  const db = database.tables<SchemaTables>();
  await locked(database, db, (tx) => createTable(tx));
  const done: string[] = [];
  for (const step of steps) {
    const ran = await locked(database, db, async (tx) => {
      const applied = await appliedSteps(tx);
      if (applied.includes(step.name)) return false;
      refuse({ applied, ...compare(applied, steps) }, step);
      await step.up(tx as unknown as Kysely<never>, database.engine);
      await tx.insertInto("schema_steps").values({ name: step.name, applied_at: clock.now() }).execute();
      return true;
    });
    if (!ran) continue;
    log.info({ step: step.name }, "schema step applied");
    done.push(step.name);
  }
  const applied = await appliedSteps(db);
  refuse({ applied, ...compare(applied, steps) });
  return done;
}

/** Reads where the database stands without changing it. A database without Foyer's record has nothing applied. */
export async function schemaState(database: Database, steps: readonly SchemaStep[]): Promise<SchemaState> {
  const db = database.tables<SchemaTables>();
  // On Postgres the table of this schema alone: others of the same database are none of ours.
  const { rows } = await (database.engine === "postgres"
    ? sql`select 1 where to_regclass('schema_steps') is not null`
    : sql`select 1 from sqlite_master where type = 'table' and name = 'schema_steps'`
  ).execute(db);
  const applied = rows.length > 0 ? await appliedSteps(db) : [];
  return { applied, ...compare(applied, steps) };
}

function compare(applied: string[], steps: readonly SchemaStep[]) {
  const names = steps.map((step) => step.name);
  return {
    missing: names.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  };
}

function refuse(state: SchemaState, next?: SchemaStep): void {
  const unknown = state.unknown[0];
  if (unknown !== undefined) {
    throw new SchemaError(
      `The database was made by a newer Foyer (it has the schema step ${unknown}, which this version does not know): start that version, or restore an older backup.`,
    );
  }
  const last = state.applied.at(-1);
  if (next !== undefined && last !== undefined && next.name < last) {
    throw new SchemaError(
      `The schema step ${next.name} is missing, but the later step ${last} was applied: the database does not fit this version.`,
    );
  }
}

function checkOrder(steps: readonly SchemaStep[]): void {
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (before !== undefined && before.name >= step.name) {
      throw new Error(`schema steps must be sorted and unique: ${before.name} stands before ${step.name}`);
    }
  }
}

/** SQLite: the shim begins every transaction with the write lock held. Postgres: an advisory lock for its length. */
function locked<T>(
  database: Database,
  db: Kysely<SchemaTables>,
  run: (tx: Kysely<SchemaTables>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    if (database.engine === "postgres") await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
    return run(tx);
  });
}

async function createTable(tx: Kysely<SchemaTables>): Promise<void> {
  await tx.schema
    .createTable("schema_steps")
    .ifNotExists()
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("applied_at", "bigint", (c) => c.notNull())
    .execute();
}

async function appliedSteps(db: Kysely<SchemaTables>): Promise<string[]> {
  const rows = await db.selectFrom("schema_steps").select("name").execute();
  return rows.map((row) => row.name).sort();
}
