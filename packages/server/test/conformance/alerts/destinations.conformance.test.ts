import { alertTemplate } from "@foyer/protocol";
import { expect, test } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import type { AlertsTables } from "../../../src/modules/alerts/alerts.tables.ts";
import { createDestinationsStore } from "../../../src/modules/alerts/destinations/destinations.store.sql.ts";
import type { DestinationRecord } from "../../../src/modules/alerts/destinations/destinations.store.ts";
import { createPersonalStore } from "../../../src/modules/alerts/personal/personal.data.store.sql.ts";
import type { Database } from "../../../src/platform/db/database.ts";
import { eachEngine } from "../../support/engines.ts";

const guild = {
  guild_id: "here",
  name: "Here",
  icon_url: null,
  bot_installed: 1,
  template: null,
  mention: null,
  end_action: null,
  reannounce_minutes: null,
  max_edits: null,
  created_at: 1,
  removed_at: null,
};

const record = (id: string, more: Partial<DestinationRecord> = {}): DestinationRecord => ({
  destinationId: id,
  guildId: "here",
  kind: "room",
  name: "General",
  target: id,
  sealed: null,
  keyId: null,
  enabled: true,
  offReason: null,
  template: null,
  mention: null,
  endAction: null,
  createdBy: "ada",
  createdAt: 5,
  ...more,
});

eachEngine((_engine, open) => {
  async function storeWithGuild() {
    const db: Database = await open([alertsSchema]);
    await db.tables<AlertsTables>().insertInto("guilds").values(guild).execute();
    return { db, store: createDestinationsStore(db) };
  }

  test("what was added is found in its guild alone, with all that was chosen", async () => {
    const { store } = await storeWithGuild();
    const template = alertTemplate.parse({ live: { content: "live" }, recap: { content: "over" } });
    const full = record("a", { template, mention: { kind: "nobody" }, endAction: "delete" });
    expect(await store.add(full, 10)).toBe("added");
    expect(await store.find("here", "a")).toEqual(full);
    expect(await store.find("123456789012345678", "a")).toBeUndefined();
    expect(await store.change("123456789012345678", "a", { name: "theirs" })).toBeUndefined();
    expect(await store.remove("123456789012345678", "a", 9)).toBe(false);
    expect(await store.change("here", "a", { name: "Mine", template: null })).toEqual({
      ...full,
      name: "Mine",
      template: null,
    });
    expect(await store.change("here", "a", {})).toMatchObject({ name: "Mine" });
    expect((await store.list("here")).map(({ destinationId }) => destinationId)).toEqual(["a"]);
  });

  test("of the same kind and target only one gets in, also when several come at once, and never more than the most", async () => {
    const { store } = await storeWithGuild();
    const same = await Promise.all(["a", "b", "c"].map((id) => store.add(record(id, { target: "general" }), 10)));
    expect(same.toSorted()).toEqual(["added", "exists", "exists"]);
    const hooks = ["d", "e"].map((id) => store.add(record(id, { kind: "webhook", target: "hooks.example" }), 10));
    expect(await Promise.all(hooks)).toEqual(["added", "added"]);
    expect(await store.add(record("f"), 3)).toBe("full");
  });

  test("what was removed is gone, its sealed address with it, and its place is free again", async () => {
    const { store } = await storeWithGuild();
    await store.add(record("a", { kind: "webhook", sealed: "sealed text", keyId: "k1" }), 10);
    await store.add(record("b", { target: "general" }), 10);
    expect(await store.remove("here", "a", 9)).toBe(true);
    expect(await store.remove("here", "a", 9)).toBe(false);
    expect(await store.remove("here", "b", 9)).toBe(true);
    expect(await store.list("here")).toEqual([]);
    expect(await store.countByKey()).toEqual([]);
    expect(await store.add(record("c", { target: "general" }), 10)).toBe("added");
  });

  test("overrides belong to a destination and a broadcaster, and the last one counts", async () => {
    const { store } = await storeWithGuild();
    await store.add(record("a"), 10);
    const override = { broadcasterId: "x", enabled: false, template: null, mention: { kind: "followers" as const } };
    await store.setOverride("a", { ...override, enabled: true });
    await store.setOverride("a", override);
    expect(await store.overrides("a")).toEqual([override]);
    expect(await store.overrides("b")).toEqual([]);
    expect(await store.announces("here", "x")).toBe(false);
  });

  test("sealed addresses are resealed only where nothing has changed meanwhile", async () => {
    const { store } = await storeWithGuild();
    for (const id of ["a", "b", "c"])
      await store.add(record(id, { kind: "webhook", sealed: `s-${id}`, keyId: "old" }), 10);
    expect(await store.countByKey()).toEqual([{ keyId: "old", total: 3 }]);
    const first = await store.underOtherKeys("new", "", 2);
    expect(first.map(({ destinationId }) => destinationId)).toEqual(["a", "b"]);
    expect(await store.reseal("a", "s-a", { sealed: "n-a", keyId: "new" })).toBe(true);
    expect(await store.reseal("b", "another", { sealed: "n-b", keyId: "new" })).toBe(false);
    expect((await store.underOtherKeys("new", "", 9)).map(({ destinationId }) => destinationId)).toEqual(["b", "c"]);
  });

  test("what is an account's own is told to it, and erased with it; what belongs to a guild stays in nobody's name", async () => {
    const { db, store } = await storeWithGuild();
    await store.add(record("a"), 10);
    const tables = db.tables<AlertsTables>();
    await tables
      .insertInto("preferences")
      .values({ account_id: "ada", guild_id: "here", broadcaster_id: "x", discord: 0, push: 1, changed_at: 3 })
      .execute();
    await tables
      .insertInto("quiet_hours")
      .values({ account_id: "ada", from_time: "22:00", to_time: "07:00", time_zone: "Europe/Berlin" })
      .execute();
    const personal = createPersonalStore(db);
    expect(await personal.read("ada")).toMatchObject({
      preferences: [{ streamerId: "x", discord: false, push: true }],
      quietHours: { from: "22:00", to: "07:00" },
      destinations: [{ destinationId: "a" }],
    });
    await personal.erase("ada");
    await personal.erase("ada");
    expect(await personal.read("ada")).toEqual({
      preferences: [],
      quietHours: undefined,
      devices: [],
      broadcasters: [],
      destinations: [],
    });
    expect(await store.find("here", "a")).toMatchObject({ createdBy: "" });
  });
});
