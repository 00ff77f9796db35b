import type { Role } from "@foyer/protocol";
import { expect, test } from "vitest";
import { createAccountsStore } from "../../../src/modules/identity/accounts/accounts.store.sql.ts";
import type { AccountRecord, AccountsStore } from "../../../src/modules/identity/accounts/accounts.store.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import { eachEngine } from "../../support/engines.ts";

const ids = createIds(systemClock);
const record = (handle: string, over: Partial<AccountRecord> = {}): AccountRecord => ({
  id: ids.uuid(),
  handle,
  displayName: handle,
  email: null,
  avatar: null,
  role: "member",
  createdAt: 1_700_000_000_000,
  suspendedAt: null,
  emailVerifiedAt: null,
  ...over,
});

/** Opens all connections of the pool, so that what starts at once then really runs at once. */
async function connectAll(accounts: AccountsStore): Promise<void> {
  await Promise.all(Array.from({ length: 10 }, () => accounts.search("", 1)));
}

eachEngine((_engine, open) => {
  async function store(...accounts: AccountRecord[]) {
    const accountsStore = createAccountsStore(await open());
    for (const account of accounts) await accountsStore.create(account, "hash", { onlyFirst: false });
    return accountsStore;
  }

  test("of many first accounts at once exactly one becomes the owner", async () => {
    const accounts = await store();
    await connectAll(accounts);
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, at) => accounts.create(record(`a${at}x`), "hash", { onlyFirst: false })),
    );
    const roles = made.map((each) => ("account" in each ? each.account.role : each.refused));
    expect(roles.filter((role) => role === "owner")).toHaveLength(1);
    expect(roles.filter((role) => role === "member")).toHaveLength(7);
    const stored = await accounts.page({ text: "", cursor: undefined, limit: 20 });
    expect(stored.filter(({ role }) => role === "owner")).toHaveLength(1);
  });

  test("where registration is closed only the first of many at once gets in", async () => {
    const accounts = await store();
    await connectAll(accounts);
    const made = await Promise.all(
      Array.from({ length: 5 }, (_, at) => accounts.create(record(`b${at}x`), "hash", { onlyFirst: true })),
    );
    expect(made.filter((each) => "account" in each)).toHaveLength(1);
    expect(made.filter((each) => "refused" in each && each.refused === "closed")).toHaveLength(4);
  });

  test("guests neither found the server nor own it", async () => {
    const accounts = await store(record("guest-1", { role: "guest" }));
    expect(await accounts.isFounded()).toBe(false);
    expect(await accounts.create(record("ada"), "hash", { onlyFirst: true })).toMatchObject({
      account: { role: "owner" },
    });
    expect(await accounts.isFounded()).toBe(true);
  });

  test("a handle and an address belong to one account; what is refused leaves nothing behind", async () => {
    const accounts = await store(record("guest-1", { role: "guest", email: "a@example.org" }));
    // The first real account is refused: the place of the owner must stay free.
    expect(await accounts.create(record("guest-1"), "hash", { onlyFirst: false })).toEqual({ refused: "handle_taken" });
    expect(await accounts.create(record("bo", { email: "a@example.org" }), "hash", { onlyFirst: false })).toEqual({
      refused: "email_taken",
    });
    expect(await accounts.isFounded()).toBe(false);
    expect(await accounts.byHandles(["bo"])).toEqual([]);
    const race = await Promise.all(
      Array.from({ length: 6 }, () => accounts.create(record("same"), "hash", { onlyFirst: false })),
    );
    expect(race.filter((each) => "account" in each)).toHaveLength(1);
  });

  test("reads back what was written, by id, handle and login", async () => {
    const ada = record("ada", {
      displayName: "Ada Ö",
      email: "ada@example.org",
      avatar: "x",
      role: "owner",
      suspendedAt: 5,
    });
    const accounts = await store(ada);
    expect(await accounts.byIds([ada.id, ids.uuid()])).toEqual([ada]);
    expect(await accounts.byHandles(["ada", "nobody"])).toEqual([ada]);
    for (const login of ["ada", "ada@example.org"]) {
      expect(await accounts.secretByLogin(login)).toEqual({ account: ada, passwordHash: "hash" });
    }
    expect(await accounts.secretByLogin("ADA")).toBeUndefined();
    expect(await accounts.byIds([])).toEqual([]);
    expect(await accounts.byIds([...Array.from({ length: 1200 }, () => ids.uuid()), ada.id])).toEqual([ada]);
  });

  test("search: what begins with the text first, no guests, nobody suspended, signs mean themselves", async () => {
    const accounts = await store(
      record("zoe", { displayName: "Öznur ada" }),
      record("xada"),
      record("adam"),
      record("guest-ada", { role: "guest" }),
      record("adax", { suspendedAt: 1 }),
      record("a_b"),
      record("bo", { displayName: "100%!" }),
    );
    const handles = async (text: string) => (await accounts.search(text, 10)).map(({ handle }) => handle);
    expect(await handles("ADA")).toEqual(["adam", "xada", "zoe"]);
    expect(await handles("öz")).toEqual(["zoe"]);
    expect(await handles("a_")).toEqual(["a_b"]);
    expect(await handles("%")).toEqual(["bo"]);
    expect(await handles("!")).toEqual(["bo"]);
    expect(await handles("'; drop table accounts")).toEqual([]);
    expect(await accounts.search("", 2)).toHaveLength(2);
  });

  test("pages hold every account once, newest first", async () => {
    const made = Array.from({ length: 7 }, (_, at) => record(`p${at}x`, at === 3 ? { email: "who@example.org" } : {}));
    const accounts = await store(...made);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await accounts.page({ text: "", cursor, limit: 3 });
      seen.push(...page.map(({ id }) => id));
      cursor = page.at(-1)?.id;
      if (page.length < 3) break;
    }
    expect(seen).toEqual(made.map(({ id }) => id).reverse());
    expect(await accounts.page({ text: "who@", cursor: undefined, limit: 3 })).toMatchObject([{ handle: "p3x" }]);
  });

  test("profile and password change; an address that is taken does not", async () => {
    const [ada, bo] = [record("ada", { email: "ada@example.org" }), record("bo")];
    const accounts = await store(ada, bo);
    expect(await accounts.updateProfile(bo.id, { displayName: "Bó", email: "ada@example.org" })).toBe("email_taken");
    expect(await accounts.byIds([bo.id])).toEqual([bo]);
    expect(await accounts.updateProfile(bo.id, { displayName: "BÓ" })).toBe("done");
    expect(await accounts.search("bó", 5)).toMatchObject([{ displayName: "BÓ" }]);
    expect(await accounts.updateProfile(ada.id, { email: null })).toBe("done");
    expect(await accounts.updateProfile(bo.id, { email: "ada@example.org" })).toBe("done");
    expect(await accounts.updateProfile(ids.uuid(), { email: null })).toBe("unknown");
    expect(await accounts.setPassword(bo.id, "new", "other")).toBe(false);
    expect(await accounts.setPassword(bo.id, "new", null)).toBe(false);
    expect(await accounts.setPassword(bo.id, "new", "hash")).toBe(true);
    expect((await accounts.secretById(bo.id))?.passwordHash).toBe("new");
  });

  test("roles change only from what they are, and an owner always remains, also when all step down at once", async () => {
    const people = Array.from({ length: 5 }, (_, at) => record(`o${at}x`, { role: "owner" as Role }));
    const accounts = await store(...people);
    const first = people[0] as AccountRecord;
    expect(await accounts.setRole(first.id, "member", "admin")).toBe("changed");
    const results = await Promise.all(people.map(({ id }) => accounts.setRole(id, "owner", "member")));
    expect(results.filter((result) => result === "last_owner")).toHaveLength(1);
    expect(results.filter((result) => result === "done")).toHaveLength(4);
    const owner = (await accounts.byIds(people.map(({ id }) => id))).filter(({ role }) => role === "owner");
    expect(owner).toHaveLength(1);
    expect(await accounts.setSuspended(owner[0]?.id ?? "", "owner", 1)).toBe("last_owner");
  });

  test("a suspended owner does not count as one who remains", async () => {
    const [ada, bo] = [record("ada"), record("bo", { role: "owner", suspendedAt: 1 })];
    const accounts = await store(ada, bo);
    expect(await accounts.setRole(ada.id, "owner", "admin")).toBe("last_owner");
    expect(await accounts.setSuspended(bo.id, "owner", null)).toBe("done");
    expect(await accounts.setRole(ada.id, "owner", "admin")).toBe("done");
  });
});
