import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import type { Database } from "../../src/platform/db/database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { createMailOutboxStore } from "../../src/platform/mail/mail.outbox.store.sql.ts";
import { createMailOutbox } from "../../src/platform/mail/mail.outbox.ts";
import { createMailShelf } from "../../src/platform/mail/mail.shelf.ts";
import type { Handover, Letter, Outgoing } from "../../src/platform/mail/mail.ts";
import { createMetrics } from "../../src/platform/metrics/metrics.ts";
import { createKeyCare } from "../../src/platform/vault/key.care.ts";
import type { FileKeys } from "../../src/platform/vault/key.file.ts";
import type { Vault } from "../../src/platform/vault/vault.ts";
import { eachEngine, temporaryFolder } from "../support/engines.ts";
import { testClock } from "../support/identity.ts";
import { fileVault, testKeyFile } from "../support/vaults.ts";

const ids = createIds(systemClock);
const log = silentLogger();
const NOW = 1_700_000_000_000;

/** An outbox over `db` whose carrier notes what it is handed. `start`: what time it is there. */
function outbox(db: Database, vault: Pick<Vault, "seal" | "open">, start = NOW, answer: Handover = "taken") {
  const handed: (Letter & { to: string })[] = [];
  const clock = testClock(start);
  const metrics = createMetrics({ process: false });
  const store = createMailOutboxStore(db);
  const carrier = {
    hand: async (letter: Letter & { to: string }) => {
      handed.push(letter);
      return answer;
    },
    close: () => {},
  };
  const mail = createMailOutbox({ store, vault, carrier, clock, ids, log, metrics });
  const counted = async (result: string) =>
    (await metrics.getSingleMetric("foyer_letters_total")?.get())?.values.find(
      ({ labels }) => labels["result"] === result,
    )?.value ?? 0;
  return { mail, store, handed, clock, counted };
}

/** Letters that wait since their first try, and are due again before `LATER`. */
async function leave(db: Database, folder: string, ...letters: Outgoing[]) {
  const { mail, store } = outbox(db, fileVault(folder), NOW, "later");
  for (const each of letters) await mail.send(each);
  await mail.deliver();
  return store;
}
const LATER = NOW + 30_000;

const letter = (name: string) => ({
  accountId: name,
  to: `${name}@people.example`,
  subject: `To ${name}`,
  text: `Dear ${name}`,
  html: `<p>Dear ${name}</p>`,
  usefulUntil: NOW + 86_400_000,
});

/** Takes all keys out of the key file of `folder` but the current one. */
function forgetOldKeys(folder: string): FileKeys {
  const path = join(folder, "vault.keys");
  const all = JSON.parse(readFileSync(path, "utf8")) as FileKeys;
  writeFileSync(path, JSON.stringify({ ...all, keys: all.keys.filter(({ id }) => id === all.current) }));
  return all;
}

eachEngine((_engine, open) => {
  test("a letter is handed to one worker; what it leaves behind comes back", async () => {
    const store = createMailOutboxStore(await open());
    const waiting = (at: number) => ({
      id: ids.uuid(),
      accountId: `a${at}`,
      sealed: "s",
      keyId: "k",
      usefulUntil: NOW,
    });
    for (let at = 0; at < 10; at++) await store.add(waiting(at), NOW);
    const rounds = await Promise.all(Array.from({ length: 4 }, () => store.claim(NOW, NOW + 50, 4)));
    const claimed = rounds.flat().map(({ id }) => id);
    expect([claimed.length, new Set(claimed).size]).toEqual([10, 10]);
    expect(await store.claim(NOW + 49, NOW + 90, 20)).toEqual([]);
    await store.done(claimed[0] ?? "");
    await store.postpone(claimed[1] ?? "", NOW + 70);
    await store.forget("a9");
    const again = await store.claim(NOW + 50, NOW + 90, 20);
    expect(again.length).toBeGreaterThanOrEqual(7);
    expect(again.every(({ attempts, id }) => attempts === 2 && id !== claimed[0] && id !== claimed[1])).toBe(true);
  });

  test("a letter goes out at once, without waiting for the job; a mail server that is busy gets it later, once", async () => {
    const db = await open();
    const folder = temporaryFolder();
    const { mail, handed } = outbox(db, fileVault(folder));
    await Promise.all(["ada", "bo", "cy"].map((name) => mail.send(letter(name))));
    await vi.waitFor(() => expect(handed).toHaveLength(3));
    const store = await leave(db, folder, letter("dora"));
    const [late, other] = [outbox(db, fileVault(folder), LATER), outbox(db, fileVault(folder), LATER)];
    await Promise.all([late.mail.deliver(), other.mail.deliver(), late.mail.deliver()]);
    expect([...late.handed, ...other.handed].map(({ to }) => to)).toEqual(["dora@people.example"]);
    expect(await store.countByKey()).toEqual([]);
  });

  test("nobody adds a header or a receiver by what they are called", async () => {
    const { mail, handed, store } = outbox(await open(), fileVault(temporaryFolder()));
    for (const over of [
      { to: "ada@people.example\r\nBcc: all@people.example" },
      { to: "ada@people.example, all@people.example" },
      { to: "ada@people.example;all@people.example" },
      { to: "<all@people.example>" },
      { to: "ada@people.example@all.example" },
      { subject: "Hello\r\nBcc: all@people.example" },
      { subject: "Hello\nBcc: all@people.example" },
      { subject: "Hello\u2028Bcc: all@people.example" },
      { subject: "Hello\u0000" },
    ]) {
      await expect(mail.send({ ...letter("ada"), ...over }), JSON.stringify(over)).rejects.toThrow("e-mail");
    }
    await mail.deliver();
    expect([handed, await store.countByKey()]).toEqual([[], []]);
  });

  test("letters that wait are sealed anew under a new key, and go out when the old one is gone", async () => {
    const db = await open();
    const folder = temporaryFolder();
    const store = await leave(db, folder, letter("ada"), letter("bo"), letter("cy"));
    // One of before the key was written down.
    const [first] = await store.underOtherKeys("another", "", 1);
    const sealed = first?.sealed ?? "";
    expect(await store.reseal(first?.id ?? "", sealed, { sealed, keyId: "" })).toBe(true);
    const old = `file:${testKeyFile(folder).read()?.current}`;
    expect(await store.countByKey()).toEqual([{ keyId: old, total: 2, lost: 0 }]);
    const current = `file:${testKeyFile(folder).add()}`;

    const vault = fileVault(folder);
    const care = createKeyCare({ vault, shelves: [createMailShelf(store)], log });
    expect(await care.rewrap({ batch: 2 })).toEqual({ keyId: current, rewrapped: 3, busy: 0, lost: {} });
    expect(await store.countByKey()).toEqual([{ keyId: current, total: 3, lost: 0 }]);
    expect(await care.rewrap()).toMatchObject({ rewrapped: 0 });
    forgetOldKeys(folder);
    const later = outbox(db, fileVault(folder), LATER);
    await later.mail.deliver();
    expect(later.handed.map(({ to, text }) => `${to}: ${text}`).sort()).toEqual([
      "ada@people.example: Dear ada",
      "bo@people.example: Dear bo",
      "cy@people.example: Dear cy",
    ]);
    expect(await store.countByKey()).toEqual([]);
  });

  test("a letter that went out or changed meanwhile is not brought back by a rewrap", async () => {
    const db = await open();
    const folder = temporaryFolder();
    const store = await leave(db, folder, letter("ada"), letter("bo"));
    const [gone, changed] = await createMailShelf(store).underOtherKeys("another", undefined, 5);
    await store.done(gone?.cursor ?? "");
    expect(await gone?.replace(["fresh"], "k")).toBe(false);
    await store.reseal(changed?.cursor ?? "", changed?.secrets[0]?.sealed ?? "", { sealed: "newer", keyId: "k" });
    expect(await changed?.replace(["fresh"], "k")).toBe(false);
    expect(await store.claim(LATER, LATER, 5)).toMatchObject([{ sealed: "newer" }]);
  });

  test("under a lost key a letter waits for it, as long as somebody wants it; a damaged one is given up", async () => {
    const db = await open();
    const folder = temporaryFolder();
    const late = { ...letter("late"), usefulUntil: LATER + 1_000 };
    const store = await leave(db, folder, letter("ada"), late);
    const [damaged] = await store.underOtherKeys("another", "", 1);
    await store.add({ ...letter("eve"), id: ids.uuid(), sealed: damaged?.sealed ?? "", keyId: "k" }, NOW);
    testKeyFile(folder).add();
    const keys = forgetOldKeys(folder);
    const gone = `file:${keys.keys.find(({ id }) => id !== keys.current)?.id}`;

    const { mail: next, handed, clock, counted } = outbox(db, fileVault(folder), LATER);
    await next.deliver();
    expect(handed).toEqual([]);
    // Eve's row holds another account's letter. It hangs on the lost key, too: nobody can tell them apart yet.
    expect(await counted("postponed")).toBe(3);
    const care = createKeyCare({ vault: fileVault(folder), shelves: [createMailShelf(store)], log });
    expect((await care.rewrap()).lost).toMatchObject({ [gone]: 2 });
    clock.advance(30_000);
    writeFileSync(join(folder, "vault.keys"), JSON.stringify(keys));
    await next.deliver();
    expect(handed.map(({ to }) => to)).toEqual(["ada@people.example"]);
    expect([await counted("sent"), await counted("late"), await counted("lost")]).toEqual([1, 1, 1]);
    expect(await store.countByKey()).toEqual([]);
  });
});
