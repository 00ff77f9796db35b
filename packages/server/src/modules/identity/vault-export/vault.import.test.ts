import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { memoryDatabase, testClock } from "../../../../test/support/identity.ts";
import { fileVault } from "../../../../test/support/vaults.ts";
import { createAudit } from "../../../platform/audit/audit.sql.ts";
import { createIds } from "../../../platform/clock/clock.ts";
import { type Vault, VaultError } from "../../../platform/vault/vault.ts";
import { createAccountsStore } from "../accounts/accounts.store.sql.ts";
import { createCredentialsStore } from "../credentials/credentials.store.sql.ts";
import { createLinksStore } from "../credentials/links.store.sql.ts";
import { createSealedTokens } from "../credentials/sealed.tokens.ts";
import { createEntrustedStore } from "./entrusted.store.sql.ts";
import type { ExportedLink } from "./export.format.ts";
import { firstLineOf, linesOf } from "./export.writer.ts";
import { levelAfter } from "./import.policy.ts";
import { createVaultImport } from "./vault.import.ts";

const passphrase = "nine lamps over the stairs";

/** A server with ada's account, linked to Twitch, and a file that has newer tokens for it. */
async function world(over: { vault?: (vault: Vault) => Vault } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "foyer-import-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const db = await memoryDatabase();
  const clock = testClock();
  const ids = createIds(clock);
  const audit = createAudit({ db, clock, ids });
  const vault = (over.vault ?? ((same) => same))(fileVault(folder));
  const [links, credentials, store] = [createLinksStore(db), createCredentialsStore(db), createEntrustedStore(db)];
  const news = { ended: async () => undefined, refreshed: () => undefined };
  const sealed = createSealedTokens({ vault, store: credentials, news, now: () => clock.now() });
  const accountId = ids.uuid();
  const account = { id: accountId, handle: "ada", displayName: "Ada", email: null, avatar: null };
  await createAccountsStore(db).create(
    { ...account, role: "member", createdAt: clock.now(), suspendedAt: null },
    "hash",
    { onlyFirst: false },
  );
  const key = { accountId, provider: "twitch" as const };
  await links.put({ ...key, subject: "1", name: "Ada", permissionLevel: "viewer", scopes: [] }, clock.now());
  await credentials.put(key, await sealed.seal(key, tokens("old")), undefined, clock.now());
  clock.advance(1000);
  const record: ExportedLink = {
    ...{ ...key, handle: "ada", subject: "1", name: "Ada", permissionLevel: "chatbot", scopes: ["b"] },
    ...{ status: "active", reason: null, linkedAt: 0 },
    tokens: { accessToken: "access new", refreshToken: "refresh new", expiresAt: null, refreshedAt: clock.now() },
  };
  async function* batches() {
    yield [record];
  }
  const contentKey = ids.secret(32);
  let file = await firstLineOf({ passphrase, contentKey, exportedAt: clock.now(), rounds: 1000 });
  for await (const line of linesOf(contentKey, batches())) file += line;
  async function* source() {
    yield file;
  }
  const waits: (() => Promise<unknown>)[] = [];
  let waited = 0;
  const imports = createVaultImport({
    ...{ store, links, vault, sealed, audit, clock },
    wait: async () => {
      waited += 1;
      await waits.shift()?.();
    },
  });
  const told: string[] = [];
  return {
    ...{ key, clock, credentials, sealed, audit, vault, waits, told, waited: () => waited },
    run: () => imports.run(source, passphrase, ({ outcome }) => told.push(outcome)),
    async open() {
      const found = await credentials.find(key);
      return found === undefined ? undefined : sealed.open(found, "access");
    },
    async version() {
      return (await credentials.find(key))?.version ?? 0;
    },
  };
}

const tokens = (word: string) => ({
  ...{ accessToken: `access ${word}`, refreshToken: `refresh ${word}`, expiresAt: null },
});

test("a refresh that is under way is waited for, and what it brings is looked at anew", async () => {
  const { key, clock, credentials, sealed, waits, run, told, open, version, waited } = await world();
  const now = clock.now();
  await credentials.lease(key, await version(), { id: "lease", until: now + 60_000, now });
  // It ends well, with newer tokens than those of the file.
  waits.push(async () => {
    clock.advance(10);
    const fresh = await sealed.seal(key, tokens("refreshed"));
    expect(await credentials.replace(key, await version(), fresh, undefined, clock.now())).toBe(true);
  });
  await run();
  expect([told, await open(), waited()]).toEqual([["newer"], "access refreshed", 1]);

  const other = await world();
  const { credentials: held } = other;
  const at = other.clock.now();
  await held.lease(other.key, await other.version(), { id: "lease", until: at + 60_000, now: at });
  // Or it does not, and the lease is given back.
  other.waits.push(() => held.release(other.key, "lease", { unspent: true }));
  await other.run();
  expect([other.told, await other.open()]).toEqual([["updated"], "access new"]);
});

test("one that is held all the time is left, and said to be", async () => {
  const { key, clock, credentials, run, told, open, version, waited } = await world();
  const now = clock.now();
  await credentials.lease(key, await version(), { id: "lease", until: now + 60_000, now });
  const { outcomes } = await run();
  expect([told, outcomes.busy, await open(), waited()]).toEqual([["busy"], 1, "access old", 4]);
});

test("a vault that goes away in the middle stops it, and what was done is written down", async () => {
  let away = false;
  const { run, told, open, audit } = await world({
    vault: (vault) => ({
      ...vault,
      async seal(binding, secret) {
        if (away) throw new VaultError("key_unavailable", "KMS is away");
        return vault.seal(binding, secret);
      },
    }),
  });
  away = true;
  await expect(run()).rejects.toThrow("Run this again");
  expect([told, await open()]).toEqual([[], "access old"]);
  const { entries } = await audit.list({ action: "vault.imported", limit: 10 });
  expect(entries).toMatchObject([{ details: { added: 0, updated: 0 } }]);
  away = false;
  await run();
  expect([told, await open()]).toEqual([["updated"], "access new"]);
});

test("a file raises nobody's permission level", () => {
  expect(levelAfter(undefined, "admin")).toBe("admin");
  expect(levelAfter("viewer", "admin")).toBe("viewer");
  expect(levelAfter("admin", "viewer")).toBe("viewer");
  expect(levelAfter("chatbot", "chatbot")).toBe("chatbot");
  expect(levelAfter(null, "admin")).toBeNull();
  expect(levelAfter("viewer", null)).toBe("viewer");
});
