import { expect, test } from "vitest";
import { createAccountsStore } from "../../../src/modules/identity/accounts/accounts.store.sql.ts";
import { createCredentialsStore } from "../../../src/modules/identity/credentials/credentials.store.sql.ts";
import { createLinksStore } from "../../../src/modules/identity/credentials/links.store.sql.ts";
import type { IdentityLink } from "../../../src/modules/identity/credentials/links.store.ts";
import { createEntrustedStore } from "../../../src/modules/identity/vault-export/entrusted.store.sql.ts";
import type { Brought } from "../../../src/modules/identity/vault-export/entrusted.store.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import { eachEngine } from "../../support/engines.ts";

const ids = createIds(systemClock);
const then = 1_700_000_000_000;
const now = then + 1000;

eachEngine((_engine, open) => {
  async function world() {
    const db = await open();
    const [accounts, links, credentials, store] = [
      createAccountsStore(db),
      createLinksStore(db),
      createCredentialsStore(db),
      createEntrustedStore(db),
    ];
    async function account(handle: string): Promise<string> {
      const id = ids.uuid();
      const record = { id, handle, displayName: handle, email: null, avatar: null, role: "member" as const };
      await accounts.create({ ...record, createdAt: then, suspendedAt: null }, "hash", { onlyFirst: false });
      return id;
    }
    return { links, credentials, store, account };
  }

  const linkOf = (accountId: string, over: Partial<IdentityLink> = {}): IdentityLink => ({
    ...{ accountId, provider: "twitch", subject: `at twitch ${accountId}`, name: "Ada at Twitch" },
    ...{ permissionLevel: "chatbot", scopes: ["b", "a"], status: "active", reason: null },
    ...{ linkedAt: then, checkedAt: then },
    ...over,
  });
  const tokens = (word: string, refreshedAt = then): NonNullable<Brought["tokens"]> => ({
    ...{ access: `sealed access ${word}`, refresh: `sealed refresh ${word}`, keyId: `key ${word}` },
    ...{ expiresAt: then + 5000, refreshedAt },
  });
  const nothing = { link: null, tokens: null };

  test("pages hold every link once, with its account and its tokens, and no account without one", async () => {
    const { store, account, credentials, links } = await world();
    const people = [];
    for (const handle of ["ada", "bo", "cy"]) people.push({ handle, id: await account(handle) });
    await account("without");
    for (const { id } of people) {
      await links.put({ ...linkOf(id), scopes: ["x"] }, then);
      await links.put({ ...linkOf(id), provider: "oidc", permissionLevel: null, scopes: [] }, then);
    }
    const [ada] = people;
    await credentials.put({ accountId: ada?.id ?? "", provider: "twitch" }, tokens("ada"), undefined, now);
    expect(await store.count()).toBe(6);
    const found = [];
    let after: IdentityLink | undefined;
    for (;;) {
      const page = await store.page(after, 2);
      found.push(...page);
      after = page.at(-1)?.link;
      if (page.length < 2) break;
    }
    const ordered = people.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    expect(found.map(({ handle, link }) => `${handle} ${link.provider}`)).toEqual(
      ordered.flatMap(({ handle }) => [`${handle} oidc`, `${handle} twitch`]),
    );
    const whole = found.find(({ handle, link }) => handle === "ada" && link.provider === "twitch");
    expect(whole).toMatchObject({
      link: { subject: `at twitch ${ada?.id}`, permissionLevel: "chatbot", scopes: ["x"], status: "active" },
      tokens: { access: "sealed access ada", refresh: "sealed refresh ada", keyId: "key ada", refreshedAt: now },
    });
    expect(found.filter((each) => each.tokens !== null)).toHaveLength(1);
  });

  test("what is brought is there, whole, to be asked about soon, and under a new version", async () => {
    const { store, account, links, credentials } = await world();
    const id = await account("ada");
    const key = { accountId: id, provider: "twitch" };
    expect(await store.find({ accountId: ids.uuid(), provider: "twitch" })).toBeUndefined();
    expect(await store.find(key)).toEqual({ handle: "ada", ...nothing });
    expect(await store.bring({ link: linkOf(id), tokens: tokens("one") }, nothing, now)).toBe(true);
    const first = await store.find(key);
    expect(first?.link).toEqual({ ...linkOf(id), scopes: ["a", "b"], checkedAt: 0 });
    expect(first?.tokens).toMatchObject(tokens("one"));
    expect(await links.claimDue("twitch", now - 3_600_000, now, 10)).toEqual([key]);
    if (first === undefined) throw new Error("it is there");

    const second = { link: linkOf(id, { permissionLevel: "viewer", scopes: ["c"] }), tokens: tokens("two", now) };
    expect(await store.bring(second, first, now)).toBe(true);
    expect(await credentials.find(key)).toMatchObject({
      ...{ access: "sealed access two", version: (first.tokens?.version ?? 0) + 1, refreshedAt: now },
      ...{ lostAt: null, spentAt: null },
    });
    expect(await links.find(key)).toMatchObject({ permissionLevel: "viewer", scopes: ["c"], name: "Ada at Twitch" });
    // A link alone leaves its tokens as they are.
    const held = await store.find(key);
    if (held === undefined) throw new Error("it is there");
    expect(await store.bring({ link: linkOf(id, { scopes: ["d"] }), tokens: null }, held, now)).toBe(true);
    expect(await store.find(key)).toMatchObject({ link: { scopes: ["d"] }, tokens: { access: "sealed access two" } });
  });

  test("nothing is written where something has changed since it was seen, nor while a refresh is under way", async () => {
    const { store, account, credentials, links } = await world();
    const id = await account("ada");
    const key = { accountId: id, provider: "twitch" };
    await store.bring({ link: linkOf(id), tokens: tokens("one") }, nothing, now);
    const seen = await store.find(key);
    if (seen?.tokens == null) throw new Error("it is there");
    const { version } = seen.tokens;
    const later = { link: linkOf(id, { scopes: ["later"] }), tokens: tokens("later") };

    // It appeared meanwhile.
    expect(await store.bring(later, nothing, now)).toBe(false);
    // Somebody refreshes it, and has done so.
    await credentials.lease(key, version, { id: "lease", until: now + 500, now });
    expect(await store.bring(later, seen, now)).toBe(false);
    await credentials.replace(key, version, tokens("refreshed"), undefined, now);
    expect(await store.bring(later, seen, now)).toBe(false);
    expect(await store.find(key)).toMatchObject({
      link: { scopes: ["a", "b"] },
      tokens: { access: "sealed access refreshed" },
    });
    // It is another outside account by now, or none.
    const fresh = await store.find(key);
    if (fresh === undefined) throw new Error("it is there");
    const other = { ...later, link: linkOf(id, { subject: "somebody else" }) };
    expect(await store.bring(other, fresh, now)).toBe(false);
    await links.remove(key);
    expect(await store.bring(later, fresh, now)).toBe(false);
    expect(await store.find(key)).toEqual({ handle: "ada", ...nothing });
  });

  test("an outside account never comes to belong to two, and nothing of the attempt stays", async () => {
    const { store, account } = await world();
    const [ada, bo] = [await account("ada"), await account("bo")];
    await store.bring({ link: linkOf(ada), tokens: tokens("ada") }, nothing, now);
    const stolen = { link: linkOf(bo, { subject: linkOf(ada).subject }), tokens: tokens("bo") };
    expect(await store.bring(stolen, nothing, now)).toBe(false);
    expect(await store.find({ accountId: bo, provider: "twitch" })).toEqual({ handle: "bo", ...nothing });
    const both = await Promise.all(
      [ada, bo].map((id) =>
        store.bring(
          { link: linkOf(id, { provider: "oidc", subject: "one person" }), tokens: tokens(id) },
          nothing,
          now,
        ),
      ),
    );
    expect(both.filter(Boolean)).toHaveLength(1);
    expect((await store.page(undefined, 10)).filter(({ tokens: held }) => held !== null)).toHaveLength(2);
  });
});
