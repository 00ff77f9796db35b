import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startKms } from "@foyer/simulators/kms";
import { startTwitch } from "@foyer/simulators/twitch";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { createCredentialsStore } from "../../src/modules/identity/credentials/credentials.store.sql.ts";
import { migrate } from "../../src/platform/db/migrate.ts";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { createLogger } from "../../src/platform/logs/logger.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createKeyCare } from "../../src/platform/vault/key.care.ts";
import { createVault } from "../../src/platform/vault/lazy.vault.ts";
import { runFoyer } from "../support/command.ts";
import { credentialHouse, linkTwitch } from "../support/credential.house.ts";
import { temporaryFolder, testPlace, testSchema } from "../support/engines.ts";
import { watchPostgres } from "../support/postgres.contents.ts";
import { createSecretSearch } from "../support/secret.search.ts";
import { fileVault, testKeyFile } from "../support/vaults.ts";

/** Where a test's database is, and what it says when it is read byte by byte. */
async function placeOf(engine: "sqlite" | "postgres", data: string) {
  if (engine === "sqlite") {
    const names = () => readdirSync(data).filter((name) => name.startsWith("foyer.db"));
    const read = async () => Object.fromEntries(names().map((name) => [name, readFileSync(join(data, name))]));
    return { url: `file:${join(data, "foyer.db")}`, read, log: "foyer.db-wal", drop: async () => {} };
  }
  const place = await testPlace("postgres");
  const contents = await watchPostgres(place.url);
  const drop = async () => {
    await contents.close();
    await place.drop();
  };
  return { url: place.url, read: () => contents.read(), log: "write-ahead log", drop };
}

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  test("no token and no key is anywhere in database, write-ahead log, logs, metrics, audit, events, errors or backup", async () => {
    const search = createSecretSearch();
    const mark = search.makePlain("token of Twitch").toLowerCase();
    search.note("token of Twitch", mark);
    const shift = { now: 0 };
    const clock = { now: () => Date.now() + shift.now };
    const twitch = await startTwitch({ rules: { tokenPrefix: mark }, now: clock.now });
    const kms = await startKms();
    const data = temporaryFolder();
    const lines: string[] = [];
    const log = createLogger({ level: "trace", key: "key", destination: { write: (line) => void lines.push(line) } });
    const place = await placeOf(engine, data);
    const db = openDatabase(place.url, { log });
    await migrate(db, testSchema, { log });
    if (engine === "sqlite") await sql`pragma wal_autocheckpoint = 0`.execute(db.tables());
    const errors: unknown[] = [];
    const failing = async (work: Promise<unknown>) =>
      errors.push(
        await work.then(
          () => "no error",
          (error: unknown) => error,
        ),
      );
    const metrics = createMetrics({ process: false });
    const vault = createVault({ keyFile: testKeyFile(data) }, { log, metrics });
    const house = credentialHouse({
      db,
      vault,
      twitch,
      clock,
      log,
      times: { callMs: 300, leaseMs: 1_000, waitMs: 2_000 },
    });
    const events: string[] = [];
    house.bus.subscribe("identity.link_revoked", (payload) => void events.push(payload));
    const { credentials } = house;

    // Everything that can happen to a token, well and ill.
    const { accessToken } = await linkTwitch(house, twitch, "well");
    expect(accessToken.startsWith(mark)).toBe(true);
    await credentials.open("well", "twitch");
    const { accessToken: fresh } = await credentials.refreshAfter401("well", "twitch", accessToken);
    expect(fresh).not.toBe(accessToken);
    shift.now += 4 * 3_600_000;
    await credentials.open("well", "twitch");
    await credentials.validateDue();
    for (const [kind, after] of [
      ["error", false],
      ["disconnect", false],
      ["slow", false],
      ["disconnect", true],
    ] as const) {
      await linkTwitch(house, twitch, kind + after);
      shift.now += 5 * 3_600_000;
      twitch.fault({ kind, after, ms: 500, times: 1 });
      await failing(credentials.open(kind + after, "twitch"));
      await failing(credentials.open(kind + after, "twitch"));
    }
    await linkTwitch(house, twitch, "revoked");
    twitch.grants.revokeUser("twitch-revoked");
    shift.now += 5 * 3_600_000;
    await failing(credentials.open("revoked", "twitch"));
    await linkTwitch(house, twitch, "forgotten");
    twitch.fault({ kind: "error", operation: "revoke", times: 1 });
    await credentials.forget("forgotten", "twitch");
    // Tampering, a lost key, and KMS in trouble.
    await linkTwitch(house, twitch, "swapped");
    const row = await house.store.find({ accountId: "swapped", provider: "twitch" });
    const other = await house.store.find({ accountId: "well", provider: "twitch" });
    if (row === undefined || other === undefined) throw new Error("not stored");
    await house.store.replace(row, row.version, other, undefined, clock.now());
    await failing(credentials.open("swapped", "twitch"));
    const broken = createVault(
      {
        kms: { keyId: kms.createKey().arn, region: kms.region, endpoint: kms.url, credentials: kms.credentials },
        keyFile: testKeyFile(data),
      },
      { log, metrics: createMetrics({ process: false }) },
    );
    kms.fault({ kind: "access_denied" });
    await failing(linkTwitch(credentialHouse({ db, vault: broken, twitch, clock, log }), twitch, "kms"));
    testKeyFile(data).add();
    await createKeyCare({ vault, shelves: house.shelves, log }).rewrap();
    await failing(
      credentialHouse({ db, vault: fileVault(temporaryFolder()), twitch, clock, log }).credentials.open(
        "well",
        "twitch",
      ),
    );
    // It was all real: the right key opens the right token.
    expect((await credentials.open("well", "twitch")).accessToken.startsWith(mark)).toBe(true);
    expect(errors.filter((error) => error === "no error").length).toBeLessThan(errors.length);

    const found: Record<string, Buffer | string> = await place.read();
    expect(found[place.log]?.length).toBeGreaterThan(10_000);
    found["log"] = lines.join("");
    expect(found["log"]).toContain("an identity link needs a new sign-in");
    found["metrics"] = (await metrics.metrics()) + (await house.metrics.metrics());
    found["events"] = events.join("\n");
    found["audit"] = JSON.stringify((await house.audit.list({ limit: 1000 })).entries);
    found["errors"] = errors
      .map((error) =>
        error instanceof Error ? `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : String(error),
      )
      .join("\n");
    const keys = testKeyFile(data).read()?.keys ?? [];
    for (const { id, key } of keys) {
      search.note(`key ${id}`, key);
      search.note(`key ${id}, bytes`, Buffer.from(key, "base64url"));
    }
    expect(keys).toHaveLength(2);
    expect(search.find(found)).toEqual([]);
    if (engine === "sqlite") {
      const backup = join(temporaryFolder(), "foyer.backup");
      expect(await runFoyer(["backup", backup], { DATA_DIR: data })).toMatchObject({ code: 0 });
      // A backup holds the keys on purpose; nothing else does.
      const held = search.find({ backup: readFileSync(backup) });
      expect(keys.filter(({ id }) => held.includes(`backup: key ${id} (clear)`))).toHaveLength(2);
      expect(held.filter((line) => !line.startsWith("backup: key"))).toEqual([]);
    }
    // The search finds what is there.
    await createCredentialsStore(db).replace(
      row,
      row.version + 1,
      { access: `x${mark}`, refresh: null, keyId: "k", expiresAt: null },
      undefined,
      1,
    );
    const shown = await place.read();
    expect(search.find({ log: shown[place.log] ?? "" })).toContain("log: token of Twitch (clear)");
    await db.close();
    await place.drop();
    await twitch.close();
    await kms.close();
  });
});
