import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTwitch } from "@foyer/simulators/twitch";
import { afterAll, describe, expect, test } from "vitest";
import { schemaSteps } from "../../src/app/schema.ts";
import { createAccountsStore } from "../../src/modules/identity/accounts/accounts.store.sql.ts";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import { migrate } from "../../src/platform/db/migrate.ts";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { failure, runFoyer } from "../support/command.ts";
import { credentialHouse } from "../support/credential.house.ts";
import { temporaryFolder, testPlace } from "../support/engines.ts";
import { fileVault } from "../support/vaults.ts";

const log = silentLogger();
const ids = createIds(systemClock);
const mark = "markedtokenmarkedtoken";
const twitch = await startTwitch({ rules: { tokenPrefix: mark } });
afterAll(() => twitch.close());

const passphrase = "nine lamps over the stairs";
const summary = (links: number, added: number, updated: number, here: number, left: number) =>
  new RegExp(
    `^Of ${links} identity links? of \\S+Z: ${added} added, ${updated} updated, ${here} here already, ${left} left as they are\\.$`,
    "m",
  );

describe.each(["sqlite", "postgres"] as const)("carrying the vault, on %s", (engine) => {
  /** A database with accounts, and the data folder of the server that they are on. */
  async function setUp(count: number) {
    const data = temporaryFolder();
    const place =
      engine === "postgres"
        ? await testPlace("postgres")
        : { url: `file:${join(data, "foyer.db")}`, drop: async () => {} };
    const db = openDatabase(place.url, { log });
    await migrate(db, schemaSteps, { log });
    const accounts = createAccountsStore(db);
    const people = new Map<string, string>();
    for (let at = 0; at < count; at++) {
      const [id, handle] = [ids.uuid(), `p${String(at).padStart(3, "0")}`];
      const account = { id, handle, displayName: handle, email: null, avatar: null, role: "member" as const };
      await accounts.create({ ...account, createdAt: Date.now(), suspendedAt: null }, "hash", { onlyFirst: false });
      people.set(handle, id);
    }
    const idOf = (handle: string) => people.get(handle) ?? "";
    /** This server with the key file of a data folder. */
    const at = (folder: string) => ({
      env: { DATA_DIR: folder, DATABASE_URL: place.url },
      house: credentialHouse({ db, vault: fileVault(folder), twitch }),
    });
    async function link(house: ReturnType<typeof at>["house"], handle: string, subject = `twitch-${handle}`) {
      const scopes = ["user:read:chat", "user:write:chat"];
      const issued = twitch.signIn({ id: subject, login: handle, displayName: handle }, scopes);
      const key = { accountId: idOf(handle), provider: "twitch" };
      await house.links.put({ ...key, subject, name: handle, permissionLevel: "chatbot", scopes }, Date.now());
      await house.credentials.save(key.accountId, "twitch", issued);
      return issued;
    }
    const end = async () => {
      await db.close();
      await place.drop();
    };
    return { data, db, at, link, idOf, handles: [...people.keys()], end };
  }

  test("export, another key, import: every credential opens again, and a second import changes nothing", async () => {
    const { data, at, link, idOf, handles, end } = await setUp(120);
    const before = at(data);
    const issued = new Map<string, string>();
    for (const handle of handles) issued.set(handle, (await link(before.house, handle)).accessToken);
    await before.house.links.put(
      {
        ...{ accountId: idOf("p000"), provider: "oidc", subject: "somebody", name: "Somebody" },
        ...{ permissionLevel: null, scopes: [] },
      },
      Date.now(),
    );

    // Nothing is written but the file: also not for a while, where programs put such things.
    const [out, temporary] = [temporaryFolder(), join(data, "tmp")];
    mkdirSync(temporary);
    const file = join(out, "all.vault");
    const env = { ...before.env, TMPDIR: temporary };
    const exported = await runFoyer(["vault", "export", file], env, `${passphrase}\n`);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    expect(exported.stdout).toContain("121 identity links, 120 credentials.");
    expect(exported.stdout).not.toContain(passphrase);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(out)).toEqual(["all.vault"]);
    expect(readdirSync(temporary)).toEqual([]);
    const text = readFileSync(file, "utf8");
    // A line for the key, 50 links in each of the others, and the end.
    expect(text.split("\n")).toHaveLength(1 + 3 + 1 + 1);
    expect(text).not.toContain(mark);
    expect(failure(await runFoyer(["vault", "export", file], env, `${passphrase}\n`))).toMatch(/exists already/);
    expect(readFileSync(file, "utf8")).toBe(text);

    // The other server: the same accounts, another key. What is stored does not open there.
    const folder = temporaryFolder();
    const after = at(folder);
    const bring = (input = passphrase) => runFoyer(["vault", "import", file], after.env, `${input}\n`);
    expect(failure(await bring())).toMatch(/vault create-key/);
    expect((await runFoyer(["vault", "create-key"], after.env)).code).toBe(0);
    await expect(after.house.credentials.open(idOf("p001"), "twitch")).rejects.toMatchObject({
      code: "link.sign_in_again",
    });
    const imported = await bring();
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    expect(imported.stdout).toMatch(summary(121, 0, 120, 1, 0));
    expect(imported.stdout).toMatch(new RegExp(`^updated +twitch +p007 +${idOf("p007")}$`, "m"));
    expect(imported.stdout).not.toContain(mark);
    for (const handle of handles) {
      const { accessToken } = await after.house.credentials.open(idOf(handle), "twitch");
      expect([handle, accessToken]).toEqual([handle, issued.get(handle)]);
    }
    // And the refresh tokens, one for all.
    const fresh = await after.house.credentials.refreshAfter401(idOf("p003"), "twitch", issued.get("p003") ?? "");
    expect(twitch.grants.validate(fresh.accessToken)?.grant.user.login).toBe("p003");

    const again = await bring();
    expect(again.stdout).toMatch(summary(121, 0, 0, 120, 1));
    expect(again.stdout).toMatch(/^newer +twitch +p003 .* \(what is here is newer\)$/m);
    expect(await after.house.credentials.open(idOf("p003"), "twitch")).toEqual(fresh);
    const { entries } = await after.house.audit.list({ action: "vault.imported", limit: 10 });
    expect(entries.map(({ actorId, details }) => ({ actorId, ...details }))).toEqual([
      { actorId: null, added: 0, updated: 0 },
      { actorId: null, added: 0, updated: 120 },
    ]);
    const taken = await after.house.audit.list({ action: "vault.exported", limit: 10 });
    expect(taken.entries).toMatchObject([{ actorId: null, details: { links: 121, by: "command" } }]);
    await end();
  });

  test("what people have done since then stands: it raises nobody, brings back nothing, and takes nobody's account", async () => {
    const { data, db, at, link, idOf, handles, end } = await setUp(8);
    const before = at(data);
    for (const handle of handles) await link(before.house, handle);
    const file = join(data, "all.vault");
    expect((await runFoyer(["vault", "export", file], before.env, passphrase)).code).toBe(0);
    const [lowered, unlinked, gone, taken, thief, other, revoked, lost] = handles as [string, ...string[]];
    const { house } = before;
    const key = (handle: string | undefined) => ({ accountId: idOf(handle ?? ""), provider: "twitch" });

    await house.links.setPermissionLevel(key(lowered), "viewer");
    // Ended by the person, as the server does it.
    await house.links.remove(key(unlinked));
    const ended = { actorId: idOf(unlinked ?? ""), action: "link.removed", details: { provider: "twitch" } };
    await house.audit.record({ ...ended, subject: { kind: "account", id: idOf(unlinked ?? "") } });
    // Ended by Twitch.
    await house.credentials.withdrawn(idOf(revoked ?? ""), "twitch");
    // Not there any more; whose outside account is another's by now; who has another outside account.
    await db
      .tables<{ accounts: { id: string } }>()
      .deleteFrom("accounts")
      .where("id", "=", idOf(gone ?? ""))
      .execute();
    for (const each of [gone, taken, thief, lost]) await house.links.remove(key(each));
    await link(house, thief ?? "", `twitch-${taken}`);
    await house.links.remove(key(other));
    await link(house, other ?? "", "twitch-somebody-else");

    const folder = temporaryFolder();
    const after = at(folder);
    await runFoyer(["vault", "create-key"], after.env);
    const imported = await runFoyer(["vault", "import", file], after.env, passphrase);
    expect(imported.code).toBe(0);
    const said = new Map(
      [...imported.stdout.matchAll(/^(\w+) +twitch +(p\d+)/gm)].map(([, outcome = "", handle = ""]) => [
        handle,
        outcome,
      ]),
    );
    expect(Object.fromEntries(said)).toEqual({
      [lowered]: "updated",
      [unlinked ?? ""]: "ended",
      [gone ?? ""]: "no_account",
      [taken ?? ""]: "taken",
      [thief ?? ""]: "other_link",
      [other ?? ""]: "other_link",
      [revoked ?? ""]: "ended",
      [lost ?? ""]: "added",
    });
    expect(imported.stdout).toMatch(summary(8, 1, 1, 0, 6));
    expect(await after.house.links.find(key(lowered))).toMatchObject({ permissionLevel: "viewer", status: "active" });
    expect(await after.house.links.find(key(unlinked))).toBeUndefined();
    expect(await after.house.links.find(key(taken))).toBeUndefined();
    expect(await after.house.links.find(key(gone))).toBeUndefined();
    expect(await after.house.links.find(key(revoked))).toMatchObject({ status: "revoked" });
    expect((await after.house.links.bySubject("twitch", `twitch-${taken}`))?.accountId).toBe(idOf(thief ?? ""));
    expect(await after.house.credentials.open(idOf(lost ?? ""), "twitch")).toBeDefined();
    // A way in that was not there stands in the entries of its account.
    const { entries } = await after.house.audit.list({ action: "link.added", limit: 10 });
    expect(entries).toMatchObject([
      { actorId: null, subject: { kind: "account", id: idOf(lost ?? "") }, details: { by: "import" } },
    ]);
    const again = await runFoyer(["vault", "import", file], after.env, passphrase);
    expect(again.stdout).toMatch(summary(8, 0, 0, 2, 6));
    await end();
  });

  test("a wrong passphrase, a damaged, broken-off, unknown or absent file: one line, and nothing is changed", async () => {
    const { data, at, link, idOf, handles, end } = await setUp(60);
    const { env, house } = at(data);
    for (const handle of handles) await link(house, handle);
    const file = join(data, "all.vault");
    const make = (words: string, name = "all.vault") => runFoyer(["vault", "export", join(data, name)], env, words);
    expect(failure(await make("thirteen char"))).toMatch(/must have at least 14 characters/);
    expect(failure(await make("aaaaaaaaaaaaaaaa"))).toMatch(/among the first that somebody would try/);
    expect(existsSync(file)).toBe(false);
    expect((await house.audit.list({ action: "vault.exported", limit: 10 })).entries).toEqual([]);
    expect((await make(passphrase)).code).toBe(0);

    const folder = temporaryFolder();
    const after = at(folder);
    await runFoyer(["vault", "create-key"], after.env);
    const text = readFileSync(file, "utf8");
    const lines = text.split("\n");
    const bring = async (content: string, words = passphrase) => {
      const spoiled = join(data, "spoiled.vault");
      writeFileSync(spoiled, content);
      return failure(await runFoyer(["vault", "import", spoiled], after.env, words));
    };
    const stored = await after.house.store.countByKey();
    expect(await bring(text, "ten lamps over the stairs")).toBe(
      "This is not the passphrase that the file was sealed for.",
    );
    // The first line of records is good, and yet nothing of it gets in.
    const inLine3 = `${lines[2]?.slice(0, -9)}AAAAAAAAA`;
    expect(await bring([...lines.slice(0, 2), inLine3, ...lines.slice(3)].join("\n"))).toMatch(/damaged in line 3/);
    expect(await bring(`${lines.slice(0, 3).join("\n")}\n`)).toMatch(/broken off/);
    expect(await bring(text.replace('"version":1', '"version":9'))).toMatch(/has version 9, .* reads version 1/);
    expect(failure(await runFoyer(["vault", "import", join(data, "nothing")], after.env, passphrase))).toBe(
      "There is no such file.",
    );
    expect(await after.house.store.countByKey()).toEqual(stored);
    expect((await after.house.audit.list({ action: "vault.imported", limit: 10 })).entries).toEqual([]);

    // A server that does not have the key of what is stored says what is missing, and that it is.
    const poor = join(folder, "poor.vault");
    const partly = await runFoyer(["vault", "export", poor], after.env, passphrase);
    expect(partly.code).toBe(1);
    expect(partly.stdout).toContain("60 identity links, 0 credentials.");
    expect(partly.stdout).toContain("60 credentials could not be opened and are missing");
    // Reading that takes nothing away from the server that can open them.
    const back = await runFoyer(["vault", "import", poor], env, passphrase);
    expect(back.stdout).toMatch(summary(60, 0, 0, 60, 0));
    expect(back.stdout).toContain("60 credentials could not be opened when the file was made");
    expect(await house.credentials.open(idOf("p001"), "twitch")).toBeDefined();
    await end();
  });
});
