import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/engines.ts";
import { carrySessions, signInByPassword } from "../support/marked/accounts.flow.ts";
import { signInByCognito } from "../support/marked/cognito.flow.ts";
import { guardByApp } from "../support/marked/factors.flow.ts";
import { leaveForGood } from "../support/marked/leaving.flow.ts";
import { writeLetters } from "../support/marked/letters.flow.ts";
import { type MarkedWorld, startMarkedWorld } from "../support/marked/marked.world.ts";
import { operate } from "../support/marked/operator.flow.ts";
import { linkFromOutside, signInFromOutside } from "../support/marked/outside.flow.ts";
import { signInByPasskey } from "../support/marked/passkeys.flow.ts";
import { workByToken } from "../support/marked/programs.flow.ts";
import { talkInRooms } from "../support/marked/rooms.flow.ts";
import { carryVault } from "../support/marked/vault.flow.ts";
import { postgresPlaces } from "../support/postgres.contents.ts";

/** What people write and is theirs: it belongs into the database and nowhere else. */
const personal = ["message", "message of dora", "room topic"];
const addresses = ["mail address", "mail address at Cognito", "mail address of dora"];

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  let world: MarkedWorld;
  beforeAll(async () => {
    world = await startMarkedWorld(engine);
  });
  afterAll(() => world?.stop());

  test("accounts and passwords, good and bad", () => signInByPassword(world));
  test("cookies, tickets, tokens in wrong places, foreign pages", () => carrySessions(world));
  test("rooms, invites and frames", () => talkInRooms(world));
  test("signing in by Twitch, Discord and OpenID Connect, also where they fail", () => signInFromOutside(world));
  test("linking and unlinking, levels, grants that were ended at the provider", () => linkFromOutside(world));
  test("Cognito: bearer tokens and the code grant", () => signInByCognito(world));
  test("step-up, an authenticator app, recovery codes", () => guardByApp(world));
  test("passkeys", () => signInByPasskey(world));
  test("e-mail: verification, a forgotten password, a letter that waits", () => writeLetters(world));
  test("tokens for programs", () => workByToken(world));
  test("an account is exported and deleted", () => leaveForGood(world));
  test("commands of the operator, a new key and the way to it", () => operate(world));
  test("the vault is taken out and brought in", () => carryVault(world));

  test("none of it is in database, write-ahead log, other files, logs, metrics, audit, error answers or a backup", async () => {
    const { asker, search, server, env, files, store } = world;
    const metrics = await asker.raw("GET", "/metrics", {
      headers: { authorization: `Bearer ${env["METRICS_TOKEN"]}` },
    });
    const backup = join(temporaryFolder(), "backup.db");
    const answer = await world.run(["backup", backup]);
    const told = {
      log: server.output(),
      metrics: metrics.text,
      audit: await auditTrail(world),
      "error answers": asker.errors(),
      "output of commands": world.commands.join("\n"),
    };
    const stored = await store.read(server.dataDir);
    const keys = search.names().filter((name) => name.startsWith("vault key"));

    // The search sees: people's own words are where they belong, and each place holds what it should.
    const found = search.find(stored);
    for (const name of ["message", "room topic", "mail address"]) {
      const seenIn = (place: string) => found.includes(`${place}: ${name} (clear)`);
      if (engine === "postgres")
        expect([name, postgresPlaces.map(seenIn)]).toEqual([name, postgresPlaces.map(() => true)]);
      else expect([name, ["data/foyer.db", "data/foyer.db-wal"].some(seenIn)]).toEqual([name, true]);
    }
    if (engine === "sqlite") expect(stored["data/foyer.db-wal"]?.length).toBeGreaterThan(10_000);
    for (const [place, text] of [
      ["log", '"event":"sign_in.failure"'],
      ["log", '"level":"debug"'],
      ["metrics", 'foyer_sign_ins_total{result="failure"}'],
      ["audit", "account.deleted"],
      ["error answers", "auth.invalid_credentials"],
      ["output of commands", "rewrapped"],
    ] as const) {
      expect([place, text, told[place].includes(text)]).toEqual([place, text, true]);
    }
    expect(keys).toHaveLength(4);
    expect(search.names().length).toBeGreaterThan(250);

    // Whoever has shown the first factor is told, in a refusal, how to go on with the second.
    const pending = search.names().filter((name) => name.startsWith("pending sign-in"));
    expect(pending.length).toBeGreaterThan(2);
    expect(search.find({ "error answers": told["error answers"] }, pending)).toEqual([]);
    expect(search.find({ ...told, "error answers": "" })).toEqual([]);
    expect(search.find(stored, [...personal, ...addresses])).toEqual([]);
    expect(Object.keys(files)).toHaveLength(3);
    expect(search.find(files, [...personal, ...addresses])).toEqual([]);
    if (engine === "sqlite") {
      // A backup holds the keys on purpose, and nothing else that the database does not.
      const copy = { backup: readFileSync(backup) };
      expect(search.find(copy, [...personal, ...addresses, ...keys])).toEqual([]);
      expect(search.find(copy).some((line) => line.startsWith("backup: vault key"))).toBe(true);
    } else expect(answer).toContain("pg_dump");

    // And when it has ended, with all of the log written into the database.
    await server.stop();
    const left = { ...(await store.read(server.dataDir)), log: Buffer.from(server.output()) };
    expect(search.find(left, [...personal, ...addresses])).toEqual([]);
    const home = engine === "sqlite" ? "data/foyer.db" : "tables";
    expect(search.find(left)).toContain(`${home}: message (clear)`);
  });
});

/** Every page of the audit trail. */
async function auditTrail({ asker, person }: MarkedWorld): Promise<string> {
  const pages: string[] = [];
  let next: string | undefined;
  do {
    const query = `?limit=100${next === undefined ? "" : `&cursor=${next}`}`;
    const page = await asker.call("listAudit", { as: person("ada").token, query });
    pages.push(page.text);
    next = page.body.next;
  } while (next !== undefined);
  return pages.join("\n");
}
