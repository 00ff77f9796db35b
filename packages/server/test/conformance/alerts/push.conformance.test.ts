import { startPush } from "@foyer/simulators/push";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alertsSchema } from "../../../src/modules/alerts/alerts.schema.ts";
import type { AlertsTables } from "../../../src/modules/alerts/alerts.tables.ts";
import { createDeviceSeal, createDeviceShelf } from "../../../src/modules/alerts/push/device.seal.ts";
import { createDevicesStore } from "../../../src/modules/alerts/push/devices.store.sql.ts";
import { createPushAudience } from "../../../src/modules/alerts/push/push.audience.ts";
import { createPushDestination } from "../../../src/modules/alerts/push/push.destination.ts";
import { createPushDevices } from "../../../src/modules/alerts/push/push.devices.ts";
import { exampleContext } from "../../../src/modules/alerts/templates/template.example.ts";
import type { AccountCaller } from "../../../src/platform/caller/caller.ts";
import { createIds, systemClock } from "../../../src/platform/clock/clock.ts";
import { createOutgoing } from "../../../src/providers/outgoing/outgoing.ts";
import { createWebPush } from "../../../src/providers/webpush/web.push.ts";
import { eachEngine } from "../../support/engines.ts";

let push: Awaited<ReturnType<typeof startPush>>;
beforeAll(async () => {
  push = await startPush();
});
afterAll(() => push.close());

const outgoing = createOutgoing({ networks: ["127.0.0.0/8"] });
const service = createWebPush({
  privateKey: undefined,
  secret: "only for tests",
  subject: "mailto:tests@people.example",
  outgoing,
});
/** What is sealed is not read by these tests, only that nothing else is kept. */
const vault = {
  seal: async (binding: { accountId: string }, secret: string) => ({
    text: `sealed for ${binding.accountId}: ${Buffer.from(secret).toString("base64")}`,
    keyId: "k1",
  }),
  open: async (binding: { accountId: string }, sealed: string) => {
    const [whose = "", content = ""] = sealed.split(": ");
    if (whose !== `sealed for ${binding.accountId}`) throw new Error("not this account's");
    return Buffer.from(content, "base64").toString();
  },
};
const caller = (accountId: string) => ({ kind: "account", accountId }) as AccountCaller;
const ids = createIds(systemClock);

eachEngine((_engine, open) => {
  async function house() {
    const db = await open([alertsSchema]);
    const store = createDevicesStore(db);
    const seal = createDeviceSeal(vault);
    const devices = createPushDevices({ store, seal, outgoing, clock: systemClock, ids });
    const sender = createPushDestination({ service, store, seal, clock: systemClock });
    const subscribe = async (accountId: string) => {
      const phone = push.subscribe({ senderKey: service.publicKey });
      return { phone, device: await devices.add(caller(accountId), phone.json(), "Firefox on Linux") };
    };
    return { db, store, seal, devices, sender, subscribe };
  }

  const what = (deliveryId: string) => {
    const { broadcaster, stream } = exampleContext("Here", Date.UTC(2026, 10, 21, 20), "live");
    return {
      ...{ deliveryId, revision: 1, stage: "live" as const, test: false, broadcaster, stream, mentionRoleId: null },
      ...{ message: { content: "live", embed: null }, uncertainSince: null },
    };
  };
  const to = (recipient: string) => ({ destinationId: "d", guildId: "here", target: "", recipient });

  test("an alert is sealed for the phone that asked for it, and a repetition replaces it", async () => {
    const { sender, subscribe } = await house();
    const { phone, device } = await subscribe("ada");
    const deliveryId = ids.uuid();
    for (let time = 0; time < 2; time += 1) {
      expect(await sender.post(to(device.pushId), what(deliveryId))).toMatchObject({ kind: "done", status: 201 });
    }
    expect(phone.waiting()).toHaveLength(1);
    const payload = JSON.parse(phone.waiting()[0]?.text() ?? "{}") as Record<string, string>;
    expect(payload).toMatchObject({
      title: "NightOwl is live",
      body: "First light: building the lighthouse · Stardew Valley",
      url: "https://www.twitch.tv/nightowl",
    });
    expect(payload["tag"]).toMatch(/^[\w-]{22}$/);
    await sender.post(to(device.pushId), what(ids.uuid()));
    expect(phone.waiting()).toHaveLength(2);
  });

  test("a phone whose person took the permission away is forgotten", async () => {
    const { store, sender, subscribe } = await house();
    const { phone, device } = await subscribe("ada");
    phone.unsubscribe();
    expect(await sender.post(to(device.pushId), what(ids.uuid()))).toMatchObject({ kind: "failed", reason: "gone" });
    expect(await store.find(device.pushId)).toBeUndefined();
    expect(await sender.post(to(device.pushId), what(ids.uuid()))).toMatchObject({ kind: "failed", reason: "gone" });
  });

  test("devices are their person's own: the same browser once, ten at most, and nobody else removes them", async () => {
    const { devices, subscribe, store } = await house();
    const { phone, device } = await subscribe("ada");
    expect(await devices.add(caller("ada"), phone.json(), "Firefox on Linux")).toMatchObject({ pushId: device.pushId });
    await expect(devices.remove(caller("mallory"), device.pushId)).rejects.toThrow(
      expect.objectContaining({ code: "push.not_found" }),
    );
    for (let count = 1; count < 10; count += 1) await subscribe("ada");
    await expect(subscribe("ada")).rejects.toThrow(expect.objectContaining({ code: "push.too_many" }));
    expect(await devices.list(caller("ada"))).toHaveLength(10);
    expect((await store.find(device.pushId))?.sealed).not.toContain(phone.endpoint);
    await devices.remove(caller("ada"), device.pushId);
    expect(await devices.list(caller("ada"))).toHaveLength(9);
  });

  test("an endpoint that leads home is refused", async () => {
    const { devices } = await house();
    const { keys } = push.subscribe().json();
    for (const endpoint of ["https://169.254.169.254/x", "https://10.0.0.1/push", "http://push.example/x"]) {
      await expect(devices.add(caller("ada"), { endpoint, keys }, "x")).rejects.toThrow(
        expect.objectContaining({ code: "destination.blocked_address" }),
      );
    }
  });

  test("who is told: on this server whoever did not say no, elsewhere who said yes; not in quiet hours, not when suspended", async () => {
    const { db, store, subscribe } = await house();
    const names = ["chose", "declined", "silent", "asleep", "suspended"] as const;
    const of = new Map<string, string>();
    for (const name of names) of.set(name, (await subscribe(name)).device.pushId);
    const tables = db.tables<AlertsTables>();
    const choose = (account_id: string, guild_id: string, value: number) =>
      tables
        .insertInto("preferences")
        .values({ account_id, guild_id, broadcaster_id: "b", discord: 0, push: value, changed_at: 1 })
        .execute();
    for (const guild of ["here", "123456789012345678"]) {
      await choose("chose", guild, 1);
      await choose("declined", guild, 0);
      await choose("asleep", guild, 1);
    }
    await tables
      .insertInto("quiet_hours")
      .values({ account_id: "asleep", from_time: "22:00", to_time: "07:00", time_zone: "Europe/Berlin" })
      .execute();
    const audience = createPushAudience({
      store,
      suspended: async (accounts) => new Set(accounts.filter((each) => each === "suspended")),
    });
    const told = async (guild: string, hour: number) => {
      const found = await audience.devices(guild, "b", Date.UTC(2026, 0, 1, hour));
      return names.filter((name) => found.includes(of.get(name) ?? ""));
    };
    expect(await told("here", 12)).toEqual(["chose", "silent", "asleep"]);
    expect(await told("here", 22)).toEqual(["chose", "silent"]);
    expect(await told("123456789012345678", 12)).toEqual(["chose", "asleep"]);
    expect(await audience.devices("123456789012345678", "another", 0)).toEqual([]);
  });

  test("the shelf gives every device for another key, once, and reseals only what has not changed", async () => {
    const { store, subscribe } = await house();
    for (const name of ["a", "b", "c"]) await subscribe(name);
    const shelf = createDeviceShelf(store);
    expect(await shelf.countByKey()).toEqual([{ keyId: "k1", total: 3, lost: 0 }]);
    const [first, second] = await shelf.underOtherKeys("k2", undefined, 2);
    expect(first?.secrets[0]?.binding).toMatchObject({ provider: "push" });
    expect(await first?.replace(["fresh"], "k2")).toBe(true);
    expect(await first?.replace(["fresher"], "k2")).toBe(false);
    expect(await shelf.underOtherKeys("k2", second?.cursor, 9)).toHaveLength(1);
  });
});
