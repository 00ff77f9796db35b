import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestPlace, testPlace } from "../../../test/support/engines.ts";
import { silentLogger } from "../logs/logger.ts";
import { DatabaseInUseError, lockNode } from "./node.lock.ts";

const log = silentLogger();
const never = () => {
  throw new Error("the lock was said to be lost");
};
let place: TestPlace;
let admin: pg.Client;

beforeEach(async () => {
  place = await testPlace("postgres");
  admin = new pg.Client({ connectionString: place.url });
  await admin.connect();
});
afterEach(async () => {
  await admin.end();
  await place.drop();
});

/** Ends the connection that holds the lock, as a restart of Postgres would. Returns whether there was one. */
async function cutHolder(): Promise<boolean> {
  const { rowCount } = await admin.query(`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = hashtextextended('foyer.node.' || current_schema(), 0)`);
  return rowCount === 1;
}

test("keeps a second server off until it is released", async () => {
  const first = await lockNode(place.url, { log, lost: never });
  await expect(lockNode(place.url, { log, lost: never, patienceMs: 0 })).rejects.toThrow(DatabaseInUseError);
  const waiting = lockNode(place.url, { log, lost: never, patienceMs: 5000 });
  await first.release();
  await (await waiting).release();
});

test("is taken again after its connection broke", async () => {
  const lock = await lockNode(place.url, { log, lost: never });
  expect(await cutHolder()).toBe(true);
  await expect.poll(cutHolder, { timeout: 10_000 }).toBe(true);
  await lock.release();
});

test("says so when somebody else was faster", async () => {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const lock = await lockNode(place.url, { log, lost: resolve });
  const taking = lockNode(place.url, { log, lost: never, patienceMs: 5000 });
  // The second one asks four times a second, the first one tries again after a whole one.
  await cutHolder();
  const faster = await taking;
  await expect(lost).resolves.toBeUndefined();
  await faster.release();
  await lock.release();
});
