import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startKms } from "@foyer/simulators/kms";
import { startTwitch } from "@foyer/simulators/twitch";
import { afterAll, describe, expect, test } from "vitest";
import { schemaSteps } from "../../src/app/schema.ts";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import { migrate } from "../../src/platform/db/migrate.ts";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMailOutboxStore } from "../../src/platform/mail/mail.outbox.store.sql.ts";
import { createMailOutbox } from "../../src/platform/mail/mail.outbox.ts";
import type { Handover } from "../../src/platform/mail/mail.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import type { FileKeys } from "../../src/platform/vault/key.file.ts";
import type { Vault } from "../../src/platform/vault/vault.ts";
import { failure, runFoyer } from "../support/command.ts";
import { credentialHouse, linkTwitch } from "../support/credential.house.ts";
import { temporaryFolder, testPlace } from "../support/engines.ts";
import { freePort, startServerProcess } from "../support/server.process.ts";
import { fileVault, kmsVault, testKeyFile } from "../support/vaults.ts";

const log = silentLogger();
const ids = createIds(systemClock);
const twitch = await startTwitch();
const kms = await startKms();
afterAll(async () => {
  await twitch.close();
  await kms.close();
});
const entrypoint = join(import.meta.dirname, "../../src/entrypoints/cli.ts");

test("in production a start without a key is refused, and `vault create-key` mends it", async () => {
  const data = join(temporaryFolder(), "data");
  const env = { DATA_DIR: data, NODE_ENV: "production", PORT: String(await freePort()) };
  expect(failure(await runFoyer(["start"], env))).toMatch(
    /needs a key: make .*vault\.keys with `foyer vault create-key`, or set KMS_KEY_ID/,
  );
  const doctor = await runFoyer(["doctor"], env);
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(
    /PROBLEM +vault +there is no key: make .* with foyer vault create-key, or set KMS_KEY_ID/,
  );
  expect(existsSync(join(data, "vault.keys"))).toBe(false);
  const made = await runFoyer(["vault", "create-key"], env);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(statSync(join(data, "vault.keys")).mode & 0o777).toBe(0o600);
  expect(made.stdout).toContain("Keep a copy of it in a safe place");
  const key = (JSON.parse(readFileSync(join(data, "vault.keys"), "utf8")) as FileKeys).keys[0]?.key ?? "";
  expect(made.stdout).not.toContain(key);

  const server = await startServerProcess({ env: { DATA_DIR: data, NODE_ENV: "production" } });
  const status = await runFoyer(["vault", "status"], env);
  expect(status).toMatchObject({ code: 0, stderr: "" });
  expect(status.stdout).toMatch(/^usable +current +file:k-[0-9a-f]{16} +0 secrets/);
  await server.dispose();
});

test("a key file that others may read stops the start everywhere", async () => {
  const data = join(temporaryFolder(), "data");
  const env = { DATA_DIR: data, PORT: String(await freePort()) };
  await runFoyer(["vault", "create-key"], env);
  const path = join(data, "vault.keys");
  const content = readFileSync(path);
  chmodSync(path, 0o640);
  expect(failure(await runFoyer(["start"], env))).toMatch(/mode 640\): chmod 600/);
  expect((await runFoyer(["doctor"], env)).stdout).toMatch(/PROBLEM +vault +Others may read/);
  expect(readFileSync(path)).toEqual(content);
});

test("with KMS alone production starts, and `vault status` says how its key is", async () => {
  const { arn } = kms.createKey("alias/foyer-status");
  const data = join(temporaryFolder(), "data");
  const env = {
    DATA_DIR: data,
    NODE_ENV: "production",
    KMS_KEY_ID: "alias/foyer-status",
    KMS_ENDPOINT: kms.url,
    AWS_ACCESS_KEY_ID: kms.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: kms.credentials.secretAccessKey,
  };
  expect((await runFoyer(["migrate"], env)).code).toBe(0);
  const status = await runFoyer(["vault", "status"], env);
  expect(status.stderr).toBe("");
  expect(status.stdout).toBe(`usable       current  ${arn}  0 secrets  enabled in AWS KMS\n`);
  kms.setKeyState(arn, "Disabled");
  const disabled = await runFoyer(["vault", "status"], env);
  expect(disabled.code).toBe(1);
  expect(disabled.stdout).toMatch(/^unavailable +current .* is Disabled in AWS KMS/);
  expect((await runFoyer(["doctor"], env)).stdout).toMatch(/PROBLEM +vault .*is Disabled in AWS KMS/);
  kms.setKeyState(arn, "Enabled");
  const server = await startServerProcess({ env });
  await server.dispose();
  expect(existsSync(join(data, "vault.keys"))).toBe(false);
});

describe.each(["sqlite", "postgres"] as const)("rewrapping on %s", (engine) => {
  async function setUp() {
    const data = temporaryFolder();
    const place =
      engine === "postgres"
        ? await testPlace("postgres")
        : { url: `file:${join(data, "foyer.db")}`, drop: async () => {} };
    const db = openDatabase(place.url, { log });
    await migrate(db, schemaSteps, { log });
    const env = { DATA_DIR: data, DATABASE_URL: place.url, PORT: String(await freePort()) };
    const end = async () => {
      await db.close();
      await place.drop();
    };
    return { data, db, env, end };
  }

  test("is resumed after kill -9, disturbs no refresh, and needs no old key afterwards", async () => {
    const { data, db, env, end } = await setUp();
    const house = credentialHouse({ db, vault: fileVault(data), twitch });
    const names = Array.from({ length: 300 }, (_, i) => `wrapped-${engine}-${String(i).padStart(3, "0")}`);
    for (const name of names) await linkTwitch(house, twitch, name);
    const old = testKeyFile(data).read()?.current ?? "";
    expect((await runFoyer(["vault", "create-key"], env)).code).toBe(0);
    const current = testKeyFile(data).read()?.current ?? "";
    const left = async () => (await house.store.countByKey()).find(({ keyId }) => keyId === `file:${old}`)?.total ?? 0;
    expect(await left()).toBe(300);

    const first = spawn(process.execPath, [entrypoint, "vault", "rewrap", "--batch", "20"], {
      env: { PATH: process.env.PATH ?? "", ...env },
    });
    const ended = new Promise((resolve) => first.on("exit", resolve));
    for (let rest = 300; rest > 250; rest = await left()) await new Promise((resolve) => setTimeout(resolve, 2));
    first.kill("SIGKILL");
    await ended;
    const before = await left();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThanOrEqual(250);

    // While the second run goes on, this node refreshes tokens all over.
    const refreshed = new Map<string, string>();
    const busy = (async () => {
      for (const name of names.filter((_, i) => i % 3 === 0)) {
        const { accessToken } = await house.credentials.open(name, "twitch");
        refreshed.set(name, (await house.credentials.refreshAfter401(name, "twitch", accessToken)).accessToken);
      }
    })();
    const second = await runFoyer(["vault", "rewrap", "--batch", "20"], env);
    await busy;
    expect(second.stderr).toBe("");
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(new RegExp(`^\\d+ rewrapped; the current key is file:${current}\\.`));
    expect(await left()).toBe(0);
    expect(house.told).toEqual([]);

    // The old key goes: everything opens without it, and what was refreshed is the newest.
    const held = JSON.parse(readFileSync(join(data, "vault.keys"), "utf8")) as FileKeys;
    writeFileSync(
      join(data, "vault.keys"),
      JSON.stringify({ ...held, keys: held.keys.filter(({ id }) => id === current) }),
    );
    const later = credentialHouse({ db, vault: fileVault(data), twitch });
    for (const name of names) {
      const { accessToken } = await later.credentials.open(name, "twitch");
      if (refreshed.has(name)) expect(accessToken).toBe(refreshed.get(name));
      expect(twitch.grants.validate(accessToken)).toBeDefined();
      await later.credentials.refreshAfter401(name, "twitch", accessToken);
      expect(Math.max(...twitch.grants.spending(`twitch-${name}`))).toBe(1);
    }
    await end();
  });

  test("a lost key is named; its credentials alone ask for a new sign-in", async () => {
    const { data, db, env, end } = await setUp();
    const house = credentialHouse({ db, vault: fileVault(data), twitch });
    const lost = [0, 1, 2].map((i) => `lost-${engine}-${i}`);
    for (const name of lost) await linkTwitch(house, twitch, name);
    const held = testKeyFile(data).read();
    testKeyFile(data).add();
    const kept = [0, 1].map((i) => `kept-${engine}-${i}`);
    for (const name of kept) await linkTwitch(house, twitch, name);
    const file = testKeyFile(data).read();
    const gone = `file:${held?.current}`;
    writeFileSync(join(data, "vault.keys"), JSON.stringify({ version: 1, ...file, keys: file?.keys.slice(1) }));

    const status = await runFoyer(["vault", "status"], env);
    expect(status.code).toBe(1);
    expect(status.stdout).toMatch(new RegExp(`lost +${gone} +3 secrets`));
    expect((await runFoyer(["doctor"], env)).stdout).toMatch(
      new RegExp(`PROBLEM +vault +${gone} \\(3 secrets\\) is lost`),
    );
    const rewrap = await runFoyer(["vault", "rewrap"], env);
    expect(rewrap.code).toBe(1);
    expect(rewrap.stdout).toContain(`3 could not be opened, because ${gone} is gone`);
    for (const name of lost)
      await expect(house.credentials.open(name, "twitch")).rejects.toMatchObject({ code: "link.sign_in_again" });
    for (const name of kept) expect(await house.credentials.open(name, "twitch")).toBeDefined();
    expect((await runFoyer(["vault", "status"], env)).stdout).toContain("3 marked for a new sign-in");
    const { entries } = await house.audit.list({ action: "link.revoked", limit: 100 });
    expect(entries.map(({ subject, details }) => `${subject.id} ${details?.reason}`).sort()).toEqual(
      lost.map((name) => `${name} key_lost`),
    );

    // Somebody signs in anew, somebody finds the key again.
    await linkTwitch(house, twitch, lost[0] ?? "");
    expect(await house.credentials.open(lost[0] ?? "", "twitch")).toBeDefined();
    writeFileSync(join(data, "vault.keys"), JSON.stringify({ version: 1, ...file }));
    expect((await runFoyer(["vault", "rewrap"], env)).stdout).toMatch(/^2 rewrapped/);
    expect(await house.credentials.open(lost[1] ?? "", "twitch")).toBeDefined();
    expect((await runFoyer(["vault", "status"], env)).code).toBe(0);
    await end();
  });

  test("from the key file to KMS, with the letters that wait", async () => {
    const { data, db, env, end } = await setUp();
    const { arn } = kms.createKey();
    const name = `moved-${engine}`;
    await linkTwitch(credentialHouse({ db, vault: fileVault(data), twitch }), twitch, name);
    const handed: string[] = [];
    let answer: Handover = "later";
    const carrier = {
      hand: async ({ to }: { to: string }) => {
        handed.push(`${to}: ${answer}`);
        return answer;
      },
      close: () => {},
    };
    const mail = (vault: Vault, ahead = 0) => {
      const clock = { now: () => Date.now() + ahead };
      const metrics = createMetrics({ process: false });
      return createMailOutbox({ store: createMailOutboxStore(db), vault, carrier, clock, ids, log, metrics });
    };
    const usefulUntil = Date.now() + 3_600_000;
    const letter = { accountId: name, to: "ada@people.example", subject: "A", text: "A", html: "A", usefulUntil };
    const waiting = mail(fileVault(data));
    await waiting.send(letter);
    await waiting.deliver();
    answer = "taken";
    const { accessKeyId, secretAccessKey } = kms.credentials;
    const aws = { KMS_KEY_ID: arn, KMS_ENDPOINT: kms.url };
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    expect((await runFoyer(["doctor"], { ...env, ...aws, ...keys })).stdout).toMatch(
      /hint +vault +file:\S+ \(2 secrets\) is an old key: foyer vault rewrap/,
    );
    const moved = await runFoyer(["vault", "rewrap"], { ...env, ...aws, ...keys });
    expect(moved.stdout).toBe(`2 rewrapped; the current key is ${arn}.\n`);
    const vault = kmsVault(kms, arn, temporaryFolder());
    expect(await credentialHouse({ db, vault, twitch }).credentials.open(name, "twitch")).toBeDefined();
    await mail(vault, 30_000).deliver();
    expect(handed).toEqual(["ada@people.example: later", "ada@people.example: taken"]);
    await end();
  });
});
