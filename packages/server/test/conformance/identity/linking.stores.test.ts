import { expect, test } from "vitest";
import { createAccountsStore } from "../../../src/modules/identity/accounts/accounts.store.sql.ts";
import type { CredentialTables } from "../../../src/modules/identity/credentials/credentials.tables.ts";
import { createLinksStore } from "../../../src/modules/identity/credentials/links.store.sql.ts";
import { createPasskeysStore } from "../../../src/modules/identity/factors/passkeys.store.sql.ts";
import { createUsedFlowsStore } from "../../../src/modules/identity/linking/flows/used.flows.store.sql.ts";
import { createWaysInStore } from "../../../src/modules/identity/linking/ways.in.store.sql.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import { eachEngine } from "../../support/engines.ts";

const ids = createIds(systemClock);
const NOW = 1_700_000_000_000;
const usable = { providers: ["twitch", "discord"], passkeys: true };
const account = (handle: string) => ({
  id: ids.uuid(),
  handle,
  displayName: handle,
  email: null,
  avatar: null,
  role: "member" as const,
  createdAt: NOW,
  suspendedAt: null,
});
const link = (provider: string, subject: string) => ({
  provider,
  subject,
  name: "Ada",
  permissionLevel: "viewer",
  scopes: [] as string[],
});

eachEngine((_engine, open) => {
  test("a flow is used by exactly one of many, and forgotten when it is long over", async () => {
    const store = createUsedFlowsStore(await open());
    const uses = await Promise.all(Array.from({ length: 8 }, () => store.use("a", NOW)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await store.use("b", NOW + 10)).toBe(true);
    await store.sweep(NOW + 5);
    expect(await store.use("b", NOW + 10)).toBe(false);
    expect(await store.use("a", NOW)).toBe(true);
  });

  test("an account is made together with its outside account, or not at all", async () => {
    const db = await open();
    const store = createAccountsStore(db);
    const links = createLinksStore(db);
    const made = await Promise.all(
      ["ada", "ada2", "ada3"].map((handle) =>
        store.create(account(handle), null, { onlyFirst: false, link: link("twitch", "1") }),
      ),
    );
    expect(made.filter((each) => "account" in each)).toHaveLength(1);
    expect(made.filter((each) => "refused" in each && each.refused === "link_taken")).toHaveLength(2);
    const found = await links.bySubject("twitch", "1");
    expect((await store.byIds([found?.accountId ?? ""])).length).toBe(1);
    expect((await store.byHandles(["ada", "ada2", "ada3"])).length).toBe(1);
    // A handle that is taken takes the link back with it.
    const taken = (await store.byIds([found?.accountId ?? ""]))[0]?.handle ?? "";
    await store.create(account(taken), null, { onlyFirst: false, link: link("twitch", "2") });
    expect(await links.bySubject("twitch", "2")).toBeUndefined();
  });

  test("the last way in stays: without a password, of two that go at once one is refused", async () => {
    const db = await open();
    const accounts = createAccountsStore(db);
    const links = createLinksStore(db);
    const ways = createWaysInStore(db);
    for (let round = 0; round < 5; round++) {
      const person = account(`ada${round}`);
      await accounts.create(person, null, { onlyFirst: false, link: link("twitch", `t${round}`) });
      await links.put({ ...link("discord", `d${round}`), accountId: person.id }, NOW);
      const gone = await Promise.all(
        ["twitch", "discord"].map((provider) => ways.removeUnlessLast(person.id, { provider }, usable)),
      );
      expect(gone.sort()).toEqual(["last", "removed"]);
      expect((await links.list(person.id)).length).toBe(1);
    }
    const keeper = account("keeper");
    await accounts.create(keeper, "$argon2id$…", { onlyFirst: false, link: link("twitch", "keeper") });
    expect(await ways.ofAccount(keeper.id)).toEqual({
      hasPassword: true,
      links: [{ provider: "twitch", isActive: true }],
      passkeys: [],
    });
    expect(await ways.removeUnlessLast(keeper.id, { provider: "discord" }, usable)).toBe("unknown");
    expect(await ways.removeUnlessLast(keeper.id, { provider: "twitch" }, usable)).toBe("removed");
  });

  test("a passkey is a way in: the link beside it can go, then the passkey stays, also of two at once", async () => {
    const db = await open();
    const accounts = createAccountsStore(db);
    const passkeys = createPasskeysStore(db);
    const ways = createWaysInStore(db);
    const addKey = async (accountId: string) => {
      const key = { id: ids.uuid(), accountId, credentialId: ids.uuid(), publicKey: "key", counter: 0 };
      const rest = { transports: [], synced: false, name: "Key", createdAt: NOW, lastUsedAt: null };
      await passkeys.add({ ...key, ...rest }, 20);
      return { passkeyId: key.id };
    };
    for (let round = 0; round < 5; round++) {
      const person = account(`ada${round}`);
      await accounts.create(person, null, { onlyFirst: false, link: link("twitch", `t${round}`) });
      const key = await addKey(person.id);
      const both = [{ provider: "twitch" }, key];
      const gone = await Promise.all(both.map((way) => ways.removeUnlessLast(person.id, way, usable)));
      expect(gone.sort()).toEqual(["last", "removed"]);
    }
    const bo = account("bo");
    await accounts.create(bo, null, { onlyFirst: false, link: link("twitch", "bo") });
    const first = await addKey(bo.id);
    // Where the address of the server allows no passkeys, they lead nowhere.
    const without = { ...usable, passkeys: false };
    expect(await ways.removeUnlessLast(bo.id, { provider: "twitch" }, without)).toBe("last");
    expect(await ways.removeUnlessLast(bo.id, { provider: "twitch" }, usable)).toBe("removed");
    expect(await ways.removeUnlessLast(bo.id, first, usable)).toBe("last");
    await addKey(bo.id);
    expect(await ways.removeUnlessLast("somebody else", first, usable)).toBe("unknown");
    expect(await ways.removeUnlessLast(bo.id, first, usable)).toBe("removed");
    expect(await passkeys.list(bo.id)).toHaveLength(1);
  });

  test("a link leads in only while it works, and while its provider is set up", async () => {
    const db = await open();
    const links = createLinksStore(db);
    const ways = createWaysInStore(db);
    const ada = account("ada");
    await createAccountsStore(db).create(ada, null, { onlyFirst: false, link: link("twitch", "1") });
    await links.put({ ...link("discord", "2"), accountId: ada.id }, NOW);
    const twitch = { provider: "twitch" };
    expect(await ways.removeUnlessLast(ada.id, twitch, { ...usable, providers: ["twitch"] })).toBe("last");
    await db
      .tables<CredentialTables>()
      .updateTable("identity_links")
      .set({ status: "revoked" })
      .where("provider", "=", "discord")
      .execute();
    expect(await ways.removeUnlessLast(ada.id, twitch, usable)).toBe("last");
    expect(await ways.removeUnlessLast(ada.id, { provider: "discord" }, usable)).toBe("removed");
    expect(await ways.removeUnlessLast(ada.id, twitch, usable)).toBe("last");
  });
});
