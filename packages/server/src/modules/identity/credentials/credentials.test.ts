import { randomUUID } from "node:crypto";
import { startKms } from "@foyer/simulators/kms";
import { startTwitch } from "@foyer/simulators/twitch";
import { afterAll, beforeEach, expect, test } from "vitest";
import { credentialHouse, linkTwitch } from "../../../../test/support/credential.house.ts";
import { eachEngine, temporaryFolder } from "../../../../test/support/engines.ts";
import { fileVault, kmsVault } from "../../../../test/support/vaults.ts";

const kms = await startKms();
const shift = { now: 0 };
const clock = { now: () => Date.now() + shift.now };
const twitch = await startTwitch({ now: clock.now });
afterAll(async () => {
  await kms.close();
  await twitch.close();
});
beforeEach(() => {
  shift.now = 0;
  kms.clearFaults();
  twitch.clearFaults();
  twitch.calls.reset();
});

const hour = 3_600_000;

eachEngine((_engine, open) => {
  const folder = temporaryFolder();
  const database = open();
  const account = () => `account-${randomUUID()}`;

  async function setUp(vault = fileVault(folder)) {
    return credentialHouse({
      db: await database,
      vault,
      twitch,
      clock,
      times: { callMs: 1_000, leaseMs: 3_000, waitMs: 4_000 },
    });
  }

  test("hands out what was stored, without asking anybody", async () => {
    const house = await setUp();
    const a = account();
    const issued = await linkTwitch(house, twitch, a);
    expect(await house.credentials.open(a, "twitch")).toMatchObject({ accessToken: issued.accessToken });
    expect(twitch.calls.of()).toBe(0);
    await expect(house.credentials.open(account(), "twitch")).rejects.toMatchObject({ code: "link.not_found" });
    await expect(house.credentials.save(account(), "twitch", issued)).rejects.toMatchObject({ code: "link.not_found" });
  });

  test("refreshes ahead of the end, once for many callers, and keeps the new refresh token", async () => {
    const house = await setUp();
    const a = account();
    const issued = await linkTwitch(house, twitch, a);
    for (let round = 1; round <= 3; round++) {
      shift.now = round * 4 * hour - 60_000 * round;
      const tokens = await Promise.all(Array.from({ length: 20 }, () => house.credentials.open(a, "twitch")));
      expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
      expect(tokens[0]?.accessToken).not.toBe(issued.accessToken);
      expect(twitch.calls.of("token")).toBe(round);
    }
    expect(Math.max(...twitch.grants.spending(`twitch-${a}`))).toBe(1);
  });

  test("after a 401 refreshes once, however many callers saw it and whenever they come", async () => {
    const house = await setUp();
    const a = account();
    const { accessToken } = await linkTwitch(house, twitch, a);
    twitch.grants.expireAccessTokens(`twitch-${a}`);
    const tokens = await Promise.all(
      Array.from({ length: 10 }, () => house.credentials.refreshAfter401(a, "twitch", accessToken)),
    );
    tokens.push(await house.credentials.refreshAfter401(a, "twitch", accessToken));
    expect(new Set(tokens.map((each) => each.accessToken)).size).toBe(1);
    expect(twitch.calls.of("token")).toBe(1);
    expect(twitch.grants.validate(tokens[0]?.accessToken ?? "")).toBeDefined();
  });

  test("a provider that is away costs nothing while the token still works, and says so when it does not", async () => {
    const house = await setUp();
    const a = account();
    const issued = await linkTwitch(house, twitch, a);
    twitch.fault({ kind: "error" });
    shift.now = 4 * hour - 60_000;
    expect(await house.credentials.open(a, "twitch")).toMatchObject({ accessToken: issued.accessToken });
    shift.now = 4 * hour;
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "provider.unavailable" });
    twitch.clearFaults();
    expect((await house.credentials.open(a, "twitch")).accessToken).not.toBe(issued.accessToken);
    expect(house.told).toEqual([]);
  });

  test("a refused grant ends the link, once: audited, told, tokens gone", async () => {
    const house = await setUp();
    const a = account();
    await linkTwitch(house, twitch, a);
    twitch.grants.revokeUser(`twitch-${a}`);
    shift.now = 5 * hour;
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => house.credentials.open(a, "twitch")));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "link.sign_in_again" } });
    expect(house.told).toEqual([{ accountId: a, provider: "twitch", reason: "refused" }]);
    const { entries } = await house.audit.list({ action: "link.revoked", limit: 100 });
    expect(entries.filter(({ subject }) => subject.id === a)).toHaveLength(1);
    expect(await house.links.find({ accountId: a, provider: "twitch" })).toMatchObject({
      status: "revoked",
      reason: "refused",
    });
    expect(await house.store.find({ accountId: a, provider: "twitch" })).toBeUndefined();
    await linkTwitch(house, twitch, a);
    expect(await house.credentials.open(a, "twitch")).toBeDefined();
    expect(await house.links.find({ accountId: a, provider: "twitch" })).toMatchObject({ status: "active" });
  });

  test("an answer that got lost: the old refresh token is tried once more, and then the person is asked", async () => {
    const house = await setUp();
    const a = account();
    await linkTwitch(house, twitch, a);
    shift.now = 5 * hour;
    twitch.fault({ kind: "disconnect", operation: "token", after: true, times: 1 });
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "provider.unavailable" });
    expect(await house.store.find({ accountId: a, provider: "twitch" })).toMatchObject({
      spentAt: expect.any(Number) as number,
      leaseUntil: 0,
    });
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "link.sign_in_again" });
    expect(house.told).toEqual([{ accountId: a, provider: "twitch", reason: "interrupted" }]);
  });

  test("an answer that got lost at a provider that does not rotate does no harm", async () => {
    const house = await setUp();
    const a = account();
    await linkTwitch(house, twitch, a);
    twitch.grants.rules.rotate = false;
    try {
      shift.now = 5 * hour;
      twitch.fault({ kind: "disconnect", operation: "token", after: true, times: 1 });
      await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "provider.unavailable" });
      expect(twitch.grants.validate((await house.credentials.open(a, "twitch")).accessToken)).toBeDefined();
    } finally {
      twitch.grants.rules.rotate = true;
    }
  });

  test("a call that hangs is given up, and the next one gets through", async () => {
    const house = await setUp();
    const a = account();
    await linkTwitch(house, twitch, a);
    shift.now = 5 * hour;
    twitch.fault({ kind: "slow", operation: "token", ms: 1_500, times: 1 });
    const began = performance.now();
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "provider.unavailable" });
    expect(performance.now() - began).toBeLessThan(1_400);
  });

  test("checks links every hour: scopes are brought up to date, withdrawn grants end", async () => {
    const house = await setUp();
    const [good, withdrawn, expired] = [account(), account(), account()];
    for (const each of [good, withdrawn, expired]) await linkTwitch(house, twitch, each, ["a", "b"]);
    expect((await house.credentials.validateDue()).checked).toBe(0);
    shift.now = hour + 1_000;
    twitch.grants.revokeUser(`twitch-${withdrawn}`);
    twitch.grants.expireAccessTokens(`twitch-${expired}`);
    await house.links.noteCheck({ accountId: good, provider: "twitch" }, { checkedAt: 0, scopes: ["old"] });
    const report = await house.credentials.validateDue();
    expect(report.revoked).toBe(1);
    expect(report.postponed).toBe(0);
    expect((await house.links.find({ accountId: good, provider: "twitch" }))?.scopes).toEqual(["a", "b"]);
    expect(await house.links.find({ accountId: withdrawn, provider: "twitch" })).toMatchObject({ status: "revoked" });
    expect(await house.links.find({ accountId: expired, provider: "twitch" })).toMatchObject({ status: "active" });
    expect(await house.credentials.validateDue()).toEqual({ checked: 0, revoked: 0, postponed: 0 });
  });

  test("a check that cannot be made is made soon, and ends nothing", async () => {
    const house = await setUp();
    const a = account();
    await linkTwitch(house, twitch, a);
    shift.now = hour + 1_000;
    twitch.fault({ kind: "error", operation: "validate" });
    expect((await house.credentials.validateDue()).postponed).toBeGreaterThan(0);
    twitch.clearFaults();
    shift.now = hour + 400_000;
    expect((await house.credentials.validateDue()).checked).toBeGreaterThan(0);
    expect(await house.links.find({ accountId: a, provider: "twitch" })).toMatchObject({ status: "active" });
  });

  test("a withdrawn grant and a forgotten link", async () => {
    const house = await setUp();
    const [a, b] = [account(), account()];
    await linkTwitch(house, twitch, a);
    const { accessToken } = await linkTwitch(house, twitch, b);
    await house.credentials.withdrawn(a, "twitch");
    await house.credentials.withdrawn(a, "twitch");
    expect(house.told).toEqual([{ accountId: a, provider: "twitch", reason: "withdrawn" }]);
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "link.sign_in_again" });
    await house.credentials.forget(b, "twitch");
    expect(twitch.grants.validate(accessToken)).toBeUndefined();
    await expect(house.credentials.open(b, "twitch")).rejects.toMatchObject({ code: "link.not_found" });
  });

  test("rows that were swapped between accounts do not open, and their owners are asked again", async () => {
    const house = await setUp();
    const [a, b] = [account(), account()];
    await linkTwitch(house, twitch, a);
    await linkTwitch(house, twitch, b);
    const stolen = await house.store.find({ accountId: a, provider: "twitch" });
    const own = await house.store.find({ accountId: b, provider: "twitch" });
    if (stolen === undefined || own === undefined) throw new Error("not stored");
    await house.store.replace({ accountId: b, provider: "twitch" }, own.version, stolen, undefined, clock.now());
    await expect(house.credentials.open(b, "twitch")).rejects.toMatchObject({ code: "link.sign_in_again" });
    expect(house.told).toEqual([{ accountId: b, provider: "twitch", reason: "not_authentic" }]);
    expect(await house.credentials.open(a, "twitch")).toBeDefined();
    // Nor does a refresh token pass for an access token.
    await house.store.replace(
      { accountId: a, provider: "twitch" },
      stolen.version,
      { ...stolen, access: stolen.refresh ?? "" },
      undefined,
      clock.now(),
    );
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "link.sign_in_again" });
  });

  test("KMS away: nothing is marked, no refresh token is spent, and all is well afterwards", async () => {
    const { arn } = kms.createKey();
    const writer = await setUp(kmsVault(kms, arn, folder));
    const a = account();
    await linkTwitch(writer, twitch, a);
    const house = await setUp(kmsVault(kms, arn, folder));
    kms.fault({ kind: "access_denied" });
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "vault.unavailable" });
    // It opens, but nothing new could be sealed: the refresh token stays unspent.
    kms.clearFaults();
    await house.credentials.open(a, "twitch");
    kms.fault({ kind: "access_denied", operation: "GenerateDataKey" });
    shift.now = 5 * hour;
    await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "vault.unavailable" });
    expect(twitch.calls.of("token")).toBe(0);
    expect(await house.store.find({ accountId: a, provider: "twitch" })).toMatchObject({
      spentAt: null,
      lostAt: null,
      leaseUntil: 0,
    });
    kms.clearFaults();
    expect(await house.credentials.open(a, "twitch")).toBeDefined();
    expect(house.told).toEqual([]);
  });

  test("a deleted key: its credentials alone ask for a new sign-in, and come back with the key", async () => {
    const [gone, kept] = [kms.createKey(), kms.createKey()];
    const [a, b] = [account(), account()];
    await linkTwitch(await setUp(kmsVault(kms, gone.arn, folder)), twitch, a);
    await linkTwitch(await setUp(kmsVault(kms, kept.arn, folder)), twitch, b);
    const house = await setUp(kmsVault(kms, kept.arn, folder));
    kms.setKeyState(gone.arn, "PendingDeletion");
    for (let i = 0; i < 3; i++)
      await expect(house.credentials.open(a, "twitch")).rejects.toMatchObject({ code: "link.sign_in_again" });
    expect(house.told).toEqual([{ accountId: a, provider: "twitch", reason: "key_lost" }]);
    expect(await house.credentials.open(b, "twitch")).toBeDefined();
    kms.setKeyState(gone.arn, "Enabled");
    expect(await house.credentials.open(a, "twitch")).toBeDefined();
    expect(await house.store.find({ accountId: a, provider: "twitch" })).toMatchObject({ lostAt: null });
  });
});
