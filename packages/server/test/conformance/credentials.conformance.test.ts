import { expect, test } from "vitest";
import { createCredentialsStore } from "../../src/modules/identity/credentials/credentials.store.sql.ts";
import type { SealedTokens } from "../../src/modules/identity/credentials/credentials.store.ts";
import { createLinksStore } from "../../src/modules/identity/credentials/links.store.sql.ts";
import { eachEngine } from "../support/engines.ts";

const tokens = (name: string, keyId = "k1"): SealedTokens => ({
  access: `${name}-access`,
  refresh: `${name}-refresh`,
  keyId,
  expiresAt: 5_000,
});
const key = (accountId: string, provider = "twitch") => ({ accountId, provider });

eachEngine((_engine, open) => {
  async function stores() {
    const db = await open();
    return { links: createLinksStore(db), store: createCredentialsStore(db) };
  }
  async function linked(...accounts: string[]) {
    const both = await stores();
    for (const accountId of accounts) {
      await both.links.put(
        {
          ...key(accountId),
          subject: `s-${accountId}`,
          name: accountId,
          permissionLevel: "viewer",
          scopes: ["b", "a"],
        },
        1_000,
      );
      await both.store.put(key(accountId), tokens(accountId), undefined, 1_000);
    }
    return both;
  }
  const versionOf = async (store: Awaited<ReturnType<typeof stores>>["store"], accountId: string) =>
    (await store.find(key(accountId)))?.version ?? -1;

  test("an outside account belongs to one account, and an account has one of each provider", async () => {
    const { links } = await linked("a");
    const link = { subject: "s-a", name: "x", permissionLevel: null, scopes: [] };
    expect(await links.put({ ...key("b"), ...link }, 2_000)).toBe("taken");
    expect(await links.put({ ...key("a"), ...link, subject: "other" }, 2_000)).toBe("taken");
    expect(await links.put({ ...key("b", "discord"), ...link }, 2_000)).toBe("stored");
    expect(await links.put({ ...key("a"), ...link, name: "renamed", scopes: ["c", "c", "b"] }, 2_000)).toBe("stored");
    expect(await links.bySubject("twitch", "s-a")).toEqual({
      ...key("a"),
      subject: "s-a",
      name: "renamed",
      permissionLevel: null,
      scopes: ["b", "c"],
      status: "active",
      reason: null,
      linkedAt: 1_000,
      checkedAt: 2_000,
    });
    expect((await links.list("b")).map(({ provider }) => provider)).toEqual(["discord"]);
    await links.setPermissionLevel(key("a"), "moderator");
    expect((await links.find(key("a")))?.permissionLevel).toBe("moderator");
  });

  test("of many that claim one outside account at once, one gets it", async () => {
    const { links } = await stores();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        links.put({ ...key(`a${i}`), subject: "same", name: "n", permissionLevel: null, scopes: [] }, 1),
      ),
    );
    expect(outcomes.filter((each) => each === "stored")).toHaveLength(1);
  });

  test("tokens need a link, and a new sign-in replaces them and wakes the link", async () => {
    const { store, links } = await linked("a");
    expect(await store.put(key("nobody"), tokens("x"), undefined, 1)).toBe(false);
    const before = await versionOf(store, "a");
    expect(await store.revoke(key("a"), before, "refused")).toBe(true);
    expect(await links.find(key("a"))).toMatchObject({ status: "revoked", reason: "refused" });
    expect(await store.find(key("a"))).toBeUndefined();
    expect(await store.put(key("a"), tokens("new"), ["z"], 2_000)).toBe(true);
    expect(await links.find(key("a"))).toMatchObject({ status: "active", reason: null, scopes: ["z"] });
    // Whoever still holds what was there before the removal cannot write.
    expect(await versionOf(store, "a")).not.toBe(before);
    expect(await store.replace(key("a"), before, tokens("late"), undefined, 3_000)).toBe(false);
  });

  test("one lease at a time; it ends by itself, by release and by a replacement", async () => {
    const { store } = await linked("a");
    const version = await versionOf(store, "a");
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.lease(key("a"), version, { id: `l${i}`, until: 200, now: 100 })),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const winner = `l${outcomes.indexOf(true)}`;
    expect(await store.spend(key("a"), version, { id: "other", until: 300, now: 150 })).toBe(false);
    expect(await store.spend(key("a"), version, { id: winner, until: 300, now: 150 })).toBe(true);
    expect(await store.lease(key("a"), version, { id: "next", until: 400, now: 250 })).toBe(false);
    expect(await store.spend(key("a"), version, { id: winner, until: 500, now: 301 })).toBe(false);
    expect(await store.lease(key("a"), version, { id: "next", until: 400, now: 300 })).toBe(true);
    expect(await store.find(key("a"))).toMatchObject({ spentAt: 150, leaseUntil: 400 });
    await store.release(key("a"), winner, { unspent: true });
    expect(await store.find(key("a"))).toMatchObject({ spentAt: 150, leaseUntil: 400 });
    await store.release(key("a"), "next", { unspent: false });
    expect(await store.find(key("a"))).toMatchObject({ spentAt: 150, leaseUntil: 0 });
    expect(await store.lease(key("a"), version, { id: "last", until: 900, now: 500 })).toBe(true);
    expect(await store.replace(key("a"), version, tokens("new"), ["q"], 600)).toBe(true);
    expect(await store.find(key("a"))).toMatchObject({
      access: "new-access",
      version: version + 1,
      spentAt: null,
      leaseUntil: 0,
      refreshedAt: 600,
    });
    expect(await store.lease(key("a"), version, { id: "stale", until: 900, now: 700 })).toBe(false);
  });

  test("of many replacements of one version one counts", async () => {
    const { store } = await linked("a");
    const version = await versionOf(store, "a");
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.replace(key("a"), version, tokens(`n${i}`), undefined, 1)),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect((await store.find(key("a")))?.access).toBe(`n${outcomes.indexOf(true)}-access`);
  });

  test("a rewrap disturbs no refresh, and no refresh is overwritten by a rewrap", async () => {
    const { store } = await linked("a", "b", "c");
    const [a, b, c] = [await versionOf(store, "a"), await versionOf(store, "b"), await versionOf(store, "c")];
    const again = (name: string) => ({ ...tokens(name), access: `${name}-again`, keyId: "k2" });
    // During a refresh: not touched.
    await store.lease(key("a"), a, { id: "l", until: 200, now: 100 });
    expect(await store.rewrap(key("a"), a, again("a"), 150)).toBe(false);
    expect(await store.replace(key("a"), a, tokens("new", "k2"), undefined, 160)).toBe(true);
    expect(await store.rewrap(key("a"), a, again("a"), 170)).toBe(false);
    expect((await store.find(key("a")))?.access).toBe("new-access");
    // Before a refresh that has read the tokens already: it ends well.
    expect(await store.rewrap(key("b"), b, again("b"), 150)).toBe(true);
    expect(await store.lease(key("b"), b, { id: "l", until: 300, now: 160 })).toBe(true);
    expect(await store.replace(key("b"), b, tokens("newer", "k2"), undefined, 170)).toBe(true);
    expect(c).toBeGreaterThan(0);
    expect(await store.countByKey()).toEqual([
      { keyId: "k1", total: 1, lost: 0 },
      { keyId: "k2", total: 2, lost: 0 },
    ]);
    expect((await store.underOtherKeys("k2", undefined, 10)).map(({ accountId }) => accountId)).toEqual(["c"]);
  });

  test("what hangs on other keys comes in order, page by page", async () => {
    const { store } = await linked(...Array.from({ length: 7 }, (_, i) => `a${i}`));
    const seen: string[] = [];
    for (let after: { accountId: string; provider: string } | undefined; ; ) {
      const page = await store.underOtherKeys("k2", after, 3);
      seen.push(...page.map(({ accountId }) => accountId));
      after = page.at(-1);
      if (page.length < 3) break;
    }
    expect(seen).toEqual(["a0", "a1", "a2", "a3", "a4", "a5", "a6"]);
  });

  test("a lost key is marked once, and taken back once", async () => {
    const { store } = await linked("a");
    const version = await versionOf(store, "a");
    expect(await store.markLost(key("a"), version, 10)).toBe(true);
    expect(await store.markLost(key("a"), version, 11)).toBe(false);
    expect(await store.countByKey()).toEqual([{ keyId: "k1", total: 1, lost: 1 }]);
    expect(await store.markLost(key("a"), version, null)).toBe(true);
    expect(await store.markLost(key("a"), version, null)).toBe(false);
    expect(await store.markLost(key("a"), version + 1, 12)).toBe(false);
  });

  test("each link that is due is claimed by one node", async () => {
    const { links, store } = await linked(...Array.from({ length: 20 }, (_, i) => `a${String(i).padStart(2, "0")}`));
    await store.revoke(key("a05"), undefined, "refused");
    const claims = await Promise.all(Array.from({ length: 4 }, () => links.claimDue("twitch", 1_000, 9_000, 8)));
    const names = claims.flat().map(({ accountId }) => accountId);
    expect(new Set(names).size).toBe(names.length);
    let rest = names.length;
    for (
      let more = await links.claimDue("twitch", 1_000, 9_000, 8);
      more.length > 0;
      more = await links.claimDue("twitch", 1_000, 9_000, 8)
    ) {
      rest += more.length;
    }
    expect(rest).toBe(19);
    await links.noteCheck(key("a01"), { checkedAt: 500, scopes: ["y", "x"] });
    expect(await links.claimDue("twitch", 1_000, 9_500, 8)).toEqual([key("a01")]);
    expect((await links.find(key("a01")))?.scopes).toEqual(["x", "y"]);
  });

  test("removing a link removes its tokens, and no others", async () => {
    const { links, store } = await linked("a", "b");
    expect(await links.remove(key("a"))).toBe(true);
    expect(await links.remove(key("a"))).toBe(false);
    expect(await store.find(key("a"))).toBeUndefined();
    expect(await store.find(key("b"))).toBeDefined();
  });
});
