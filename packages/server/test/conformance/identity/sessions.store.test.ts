import { expect, test } from "vitest";
import { createSessionsStore } from "../../../src/modules/identity/sessions/sessions.store.sql.ts";
import { createTicketsStore } from "../../../src/modules/identity/sessions/tickets.store.sql.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import { eachEngine } from "../../support/engines.ts";

const ids = createIds(systemClock);
const NOW = 1_700_000_000_000;
const session = (accountId: string, over: object = {}) => ({
  id: ids.uuid(),
  accountId,
  device: "Firefox on Linux",
  createdAt: NOW,
  lastUsedAt: NOW,
  expiresAt: NOW + 1000,
  revokedAt: null,
  place: "192.0.2.0/24",
  endsAt: NOW + 5000,
  provenAt: null,
  ...over,
});

eachEngine((_engine, open) => {
  test("lists what is neither over nor revoked, of this account, used last first", async () => {
    const store = createSessionsStore(await open());
    const old = session("a", { lastUsedAt: NOW - 5 });
    const fresh = session("a");
    for (const each of [old, fresh, session("a", { expiresAt: NOW }), session("a", { revokedAt: NOW }), session("b")]) {
      await store.add(each);
    }
    expect(await store.active("a", NOW)).toEqual([fresh, old]);
    expect(await store.byIds([old.id])).toEqual([old]);
    await store.touch(old.id, NOW + 9);
    await store.touch(old.id, NOW + 3);
    expect((await store.active("a", NOW)).map(({ lastUsedAt }) => lastUsedAt)).toEqual([NOW + 9, NOW]);
  });

  test("a session is revoked by its own account, once", async () => {
    const store = createSessionsStore(await open());
    const one = session("a");
    await store.add(one);
    expect(await store.revoke("b", one.id, NOW)).toBe(false);
    const results = await Promise.all([1, 2, 3, 4].map((at) => store.revoke("a", one.id, NOW + at)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect((await store.byIds([one.id]))[0]?.revokedAt).not.toBeNull();
  });

  test("all but one are revoked, and named", async () => {
    const store = createSessionsStore(await open());
    const [one, two, three] = [session("a"), session("a"), session("b")];
    for (const each of [one, two, three]) await store.add(each);
    expect(await store.revokeAll("a", NOW, one.id)).toEqual([two.id]);
    expect(await store.revokeAll("a", NOW)).toEqual([one.id]);
    expect(await store.active("b", NOW)).toEqual([three]);
  });

  test("addresses are kept once each, latest first", async () => {
    const store = createSessionsStore(await open());
    for (const [address, at] of [
      ["x", 1],
      ["y", 2],
      ["x", 3],
      ["z", 0],
    ] as const)
      await store.seen("a", address, NOW + at);
    await store.seen("b", "w", NOW + 9);
    expect(await store.addresses("a", NOW + 1)).toEqual(["x", "y"]);
  });

  test("sweeping takes what is long over and nothing else", async () => {
    const store = createSessionsStore(await open());
    const [over, good] = [session("a", { expiresAt: NOW - 1 }), session("a")];
    for (const each of [over, good]) await store.add(each);
    await store.seen("a", "old", NOW - 1);
    await store.seen("a", "new", NOW);
    await store.sweep(NOW);
    expect(await store.byIds([over.id, good.id])).toEqual([good]);
    expect(await store.addresses("a", 0)).toEqual(["new"]);
  });

  test("of many who take one ticket at once exactly one gets it", async () => {
    const store = createTicketsStore(await open());
    const ticket = { hash: "h".repeat(64), accountId: "a", sessionId: "s", expiresAt: NOW };
    await store.add(ticket);
    const taken = await Promise.all(Array.from({ length: 10 }, () => store.take(ticket.hash)));
    expect(taken.filter((each) => each !== undefined)).toEqual([ticket]);
    expect(await store.take(ticket.hash)).toBeUndefined();
    await store.add(ticket);
    await store.sweep(NOW);
    expect(await store.take(ticket.hash)).toEqual(ticket);
    await store.add(ticket);
    await store.sweep(NOW + 1);
    expect(await store.take(ticket.hash)).toBeUndefined();
  });
});
