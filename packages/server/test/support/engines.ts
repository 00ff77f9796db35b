import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe } from "vitest";
import { chatSchema } from "../../src/modules/chat/chat.schema.ts";
import { personalDataSchema } from "../../src/modules/chat/personal/personal.schema.ts";
import { searchSchema } from "../../src/modules/chat/search/search.schema.ts";
import { identityLinksSchema } from "../../src/modules/identity/credentials/credentials.schema.ts";
import { secondFactorSchema } from "../../src/modules/identity/factors/factors.schema.ts";
import { identitySchema } from "../../src/modules/identity/identity.schema.ts";
import { linkingSchema } from "../../src/modules/identity/linking/flows/flows.schema.ts";
import { auditSchema } from "../../src/platform/audit/audit.schema.ts";
import { mailboxSchema } from "../../src/platform/bus/mailbox.schema.ts";
import type { Database, Engine, SchemaStep } from "../../src/platform/db/database.ts";
import { migrate } from "../../src/platform/db/migrate.ts";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { mailKeySchema, mailSchema } from "../../src/platform/mail/mail.schema.ts";

/** A place for one database, and what takes it away again. */
export interface TestPlace {
  url: string;
  drop(): Promise<void>;
}

/** Opens a fresh database with `steps` applied; default: all steps of Foyer. */
export type OpenDatabase = (steps?: readonly SchemaStep[]) => Promise<Database>;

/** The schema that tests get when they ask for none in particular. */
export const testSchema: readonly SchemaStep[] = [
  auditSchema,
  identitySchema,
  chatSchema,
  searchSchema,
  mailboxSchema,
  identityLinksSchema,
  secondFactorSchema,
  linkingSchema,
  mailSchema,
  personalDataSchema,
  mailKeySchema,
];

/**
 * Runs a suite on both engines, real ones. `open` gives a fresh database each time it is called (SQLite in memory,
 * Postgres in a schema of its own); all are closed and dropped after the suite.
 */
export function eachEngine(suite: (engine: Engine, open: OpenDatabase) => void): void {
  for (const engine of ["sqlite", "postgres"] as const) {
    describe(`on ${engine}`, () => {
      const undo: (() => Promise<void>)[] = [];
      afterAll(async () => {
        for (const step of undo.splice(0)) await step();
      });
      suite(engine, async (steps = testSchema) => {
        const place = await testPlace(engine);
        // A suite opens one for each test: together they must not use up the connections that a Postgres has.
        const database = openDatabase(place.url, { log: silentLogger(), idleMs: 100 });
        undo.push(async () => {
          await database.close();
          await place.drop();
        });
        await migrate(database, steps, { log: silentLogger() });
        return database;
      });
    });
  }
}

/** An empty database of `engine`: `:memory:`, or a new schema of the test Postgres. */
export async function testPlace(engine: Engine): Promise<TestPlace> {
  if (engine === "sqlite") return { url: ":memory:", drop: async () => {} };
  // The test run names one, and starts one where there is none.
  const base = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
  const schema = `foyer_test_${randomBytes(8).toString("hex")}`;
  await administer(base, `create schema ${schema}`);
  const url = new URL(base);
  // A commit that waits for the disk proves nothing in a test and takes most of its time.
  url.searchParams.set("options", `-c search_path=${schema} -c synchronous_commit=off`);
  return { url: url.href, drop: () => administer(base, `drop schema ${schema} cascade`) };
}

/** A folder that is removed after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "foyer-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set client_min_messages = warning");
    await client.query(statement);
  } finally {
    await client.end();
  }
}
