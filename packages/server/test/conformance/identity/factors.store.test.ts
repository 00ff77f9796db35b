import { expect, test } from "vitest";
import { createAccountsStore } from "../../../src/modules/identity/accounts/accounts.store.sql.ts";
import { createOnceStore } from "../../../src/modules/identity/factors/once.store.sql.ts";
import { createPasskeysStore } from "../../../src/modules/identity/factors/passkeys.store.sql.ts";
import { createRecoveryCodesStore } from "../../../src/modules/identity/factors/recovery.codes.store.sql.ts";
import { createTotpStore } from "../../../src/modules/identity/factors/totp.store.sql.ts";
import { createLeavingStore } from "../../../src/modules/identity/leaving/leaving.store.sql.ts";
import { createProgramTokensStore } from "../../../src/modules/identity/programs/program.tokens.store.sql.ts";
import { createSessionsStore } from "../../../src/modules/identity/sessions/sessions.store.sql.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { eachEngine } from "../../support/engines.ts";

const ids = createIds(systemClock);
const NOW = 1_700_000_000_000;
const secret = { sealed: "sealed", keyId: "k-1" };
const many = <T>(count: number, work: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)));

async function account(db: Database, handle: string, role: "member" | "guest" = "member"): Promise<string> {
  const made = await createAccountsStore(db).create(
    { id: ids.uuid(), handle, displayName: handle, email: null, avatar: null, role, createdAt: NOW, suspendedAt: null },
    null,
    { onlyFirst: false },
  );
  if ("refused" in made) throw new Error(made.refused);
  return made.account.id;
}

eachEngine((_engine, open) => {
  test("of many who use one code at once, one gets in; nothing older works after it", async () => {
    const store = createTotpStore(await open());
    expect(await store.begin("a", secret, NOW)).toBe(true);
    expect(await store.takeStep("a", 5, NOW)).toBe(false);
    const confirmed = await many(8, () => store.confirm("a", "sealed", 100, NOW));
    expect(confirmed.filter(Boolean)).toHaveLength(1);
    expect(await store.begin("a", { sealed: "other", keyId: "k-1" }, NOW)).toBe(false);
    const used = await many(16, () => store.takeStep("a", 101, NOW));
    expect(used.filter(Boolean)).toHaveLength(1);
    expect([await store.takeStep("a", 101, NOW), await store.takeStep("a", 100, NOW)]).toEqual([false, false]);
    expect(await store.takeStep("a", 102, NOW)).toBe(true);
    expect(await store.takeStep("b", 102, NOW)).toBe(false);
  });

  test("wrong codes are counted together, and a right one forgives them", async () => {
    const store = createTotpStore(await open());
    await store.begin("a", secret, NOW);
    await store.confirm("a", "sealed", 1, NOW);
    const counts = await many(12, () => store.failed("a"));
    expect(counts.toSorted((x, y) => x - y)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    await store.lock("a", NOW + 5);
    expect(await store.find("a")).toMatchObject({ failures: 12, lockedUntil: NOW + 5 });
    await store.takeStep("a", 2, NOW);
    expect(await store.find("a")).toMatchObject({ failures: 0, lockedUntil: 0 });
  });

  test("a secret moves to another key, if nobody has begun anew meanwhile", async () => {
    const store = createTotpStore(await open());
    for (const each of ["a", "b", "c"]) await store.begin(each, { sealed: `${each} sealed`, keyId: "old" }, NOW);
    expect((await store.underOtherKeys("new", "a", 5)).map(({ accountId }) => accountId)).toEqual(["b", "c"]);
    expect(await store.reseal("a", "a sealed", { sealed: "fresh", keyId: "new" })).toBe(true);
    expect(await store.reseal("b", "not this", { sealed: "fresh", keyId: "new" })).toBe(false);
    expect(new Map((await store.countByKey()).map(({ keyId, total }) => [keyId, total]))).toEqual(
      new Map([
        ["new", 1],
        ["old", 2],
      ]),
    );
  });

  test("what is good once is got by one, for its purpose, until it is over", async () => {
    const store = createOnceStore(await open());
    const thing = { hash: "h", kind: "password_reset", accountId: "a", data: "x", expiresAt: NOW + 10 } as const;
    await store.add(thing);
    expect(await store.take("email_verification", "h", NOW)).toBeUndefined();
    expect(await store.find("password_reset", "h", NOW)).toEqual(thing);
    const taken = await many(16, () => store.take("password_reset", "h", NOW));
    expect(taken.filter((each) => each !== undefined)).toEqual([thing]);
    await store.add(thing);
    expect(await store.take("password_reset", "h", NOW + 10)).toBeUndefined();
    await store.add(thing);
    await store.forget("a", ["password_reset"]);
    expect(await store.find("password_reset", "h", NOW)).toBeUndefined();
  });

  test("a recovery code is spent by one; two who make the first codes at once share one set", async () => {
    const db = await open();
    const store = createRecoveryCodesStore(db);
    const a = await account(db, "ada");
    const made = await many(6, (at) => store.addFirst(a, [`${at}-1`, `${at}-2`], NOW));
    expect(made.filter(Boolean)).toHaveLength(1);
    const winner = made.indexOf(true);
    expect(await store.count(a)).toEqual({ left: 2, createdAt: NOW });
    const spent = await many(8, () => store.take(a, `${winner}-1`));
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await store.take("somebody else", `${winner}-2`)).toBe(false);
    await store.replace(a, ["new"], NOW + 1);
    expect(await store.take(a, `${winner}-2`)).toBe(false);
    expect(await store.count(a)).toEqual({ left: 1, createdAt: NOW + 1 });
  });

  test("a passkey's counter only rises; those that do not count stay at nothing", async () => {
    const db = await open();
    const store = createPasskeysStore(db);
    const a = await account(db, "ada");
    const passkey = (over: object) => ({
      ...{ id: ids.uuid(), accountId: a, credentialId: ids.uuid(), publicKey: "key", counter: 0 },
      ...{ transports: ["usb"], synced: false, name: "Key", createdAt: NOW, lastUsedAt: null },
      ...over,
    });
    const one = passkey({ credentialId: "c" });
    expect(await store.add(one, 2)).toBe("added");
    expect(await store.add(passkey({ credentialId: "c" }), 2)).toBe("known");
    expect((await many(4, () => store.add(passkey({}), 2))).filter((each) => each === "added")).toHaveLength(1);
    expect([await store.used(one.id, 0, false, NOW), await store.used(one.id, 0, true, NOW)]).toEqual([true, true]);
    expect((await many(8, () => store.used(one.id, 3, true, NOW))).filter(Boolean)).toHaveLength(1);
    expect([await store.used(one.id, 3, true, NOW), await store.used(one.id, 0, true, NOW)]).toEqual([false, false]);
    expect(await store.byCredential("c")).toMatchObject({ counter: 3, synced: true, transports: ["usb"] });
  });

  test("tokens for programs: at most so many, each found by its hash", async () => {
    const db = await open();
    const store = createProgramTokensStore(db);
    const a = await account(db, "ada");
    const token = (hash: string) => ({
      ...{ id: ids.uuid(), accountId: a, name: "bot", hash, hint: "…abcd", scopes: ["read", "write"] as const },
      ...{ createdAt: NOW, expiresAt: null, lastUsedAt: null },
    });
    const added = await many(6, (at) => {
      const { scopes, ...rest } = token(`h${at}`);
      return store.add({ ...rest, scopes: [...scopes] }, 3);
    });
    expect(added.filter(Boolean)).toHaveLength(3);
    const [first] = await store.list(a);
    expect(await store.byHash(first?.hash ?? "")).toEqual(first);
    await store.touch(first?.id ?? "", NOW + 9);
    await store.touch(first?.id ?? "", NOW + 3);
    expect((await store.byId(first?.id ?? ""))?.lastUsedAt).toBe(NOW + 9);
    expect(await store.remove("somebody else", first?.id ?? "")).toBeUndefined();
    expect(await store.remove(a, first?.id ?? "")).toMatchObject({ hash: first?.hash });
  });

  test("a session is exchanged once, and never after it was ended; using it cannot bring it back", async () => {
    const db = await open();
    const store = createSessionsStore(db);
    const session = () => ({
      ...{ id: ids.uuid(), accountId: "a", device: "Firefox", createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW + 100 },
      ...{ revokedAt: null, place: "192.0.2.0/24", endsAt: NOW + 1000, provenAt: null },
    });
    const old = session();
    await store.add(old);
    const exchanged = await many(6, () => store.exchange(old.id, { ...session(), provenAt: NOW }));
    expect(exchanged.filter(Boolean)).toHaveLength(1);
    expect(await store.active("a", NOW)).toMatchObject([{ provenAt: NOW, endsAt: NOW + 1000 }]);
    await store.extend(old.id, NOW + 900, NOW);
    expect((await store.byIds([old.id]))[0]).toMatchObject({ expiresAt: NOW + 100, revokedAt: NOW });
    const over = session();
    await store.add(over);
    await store.extend(over.id, NOW + 50, NOW);
    await store.extend(over.id, NOW + 900, NOW + 100);
    expect((await store.byIds([over.id]))[0]?.expiresAt).toBe(NOW + 100);
    await store.extend(over.id, NOW + 900, NOW + 99);
    expect((await store.byIds([over.id]))[0]?.expiresAt).toBe(NOW + 900);
  });

  test("a device is known at a place where it was before", async () => {
    const store = createSessionsStore(await open());
    const session = (over: object) => ({
      ...{ id: ids.uuid(), accountId: "a", device: "Firefox", createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW + 100 },
      ...{ revokedAt: null, place: "192.0.2.0/24", endsAt: null, provenAt: null },
      ...over,
    });
    const first = session({});
    await store.add(first);
    expect(await store.familiarity(first, 0)).toBe("first");
    for (const [over, known] of [
      [{}, "known"],
      [{ device: "Chrome" }, "new"],
      [{ place: "198.51.100.0/24" }, "new"],
      [{ place: null }, "new"],
      [{ accountId: "b" }, "first"],
    ] as const) {
      expect([over, await store.familiarity(session(over), NOW)]).toEqual([over, known]);
    }
    expect(await store.familiarity(session({}), NOW + 1)).toBe("new");
    await store.sweep(NOW + 1);
    expect((await store.byIds([first.id]))[0]?.place).toBeNull();
  });

  test("of two owners who leave at once one stays; a handle is kept for a while", async () => {
    const db = await open();
    const [store, accounts] = [createLeavingStore(db), createAccountsStore(db)];
    const a = await account(db, "ada");
    const b = await account(db, "bo");
    await accounts.setRole(b, "member", "owner");
    const left = await Promise.all([a, b].map((id) => store.remove(id, "keep", NOW, NOW + 10)));
    expect(left.filter((each) => each === "last_owner")).toHaveLength(1);
    const gone = left[0] === "last_owner" ? "bo" : "ada";
    expect(await accounts.byHandles([gone])).toEqual([]);
    await expect(account(db, gone)).rejects.toThrow("handle_taken");
    expect(await store.erasures(5)).toMatchObject([{ messages: "keep" }]);
    await store.freeHandles(NOW + 10);
    await account(db, gone);
  });

  test("guests go when they have not been seen, and nobody else does", async () => {
    const db = await open();
    const [store, sessions] = [createLeavingStore(db), createSessionsStore(db)];
    await account(db, "owner");
    const idle = await account(db, "guest-1", "guest");
    const seen = await account(db, "guest-2", "guest");
    await sessions.add({
      ...{ id: ids.uuid(), accountId: seen, device: "x", createdAt: NOW, lastUsedAt: NOW + 5, expiresAt: NOW + 9 },
      revokedAt: null,
    });
    expect(await store.idleGuests(NOW + 5, "", 10)).toEqual([idle]);
    expect(await store.idleGuests(NOW, "", 10)).toEqual([]);
    await store.removeGuests([idle]);
    expect(await store.idleGuests(NOW + 6, "", 10)).toEqual([seen]);
  });
});
