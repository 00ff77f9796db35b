import { join } from "node:path";
import { startTwitch } from "@foyer/simulators/twitch";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrate } from "../../src/platform/db/migrate.ts";
import { openDatabase } from "../../src/platform/db/open.database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { credentialHouse, linkTwitch } from "../support/credential.house.ts";
import { temporaryFolder, testPlace, testSchema } from "../support/engines.ts";
import { type NodeProcess, startNode } from "../support/node.process.ts";
import { fileVault } from "../support/vaults.ts";

const twitch = await startTwitch();
const log = silentLogger();
afterAll(() => twitch.close());
const nodes: NodeProcess[] = [];
beforeEach(() => {
  twitch.clearFaults();
  twitch.calls.reset();
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.kill();
});

describe.each(["postgres", "sqlite"] as const)("nodes that share one %s", (engine) => {
  async function setUp(times = {}) {
    const folder = temporaryFolder();
    const place =
      engine === "postgres"
        ? await testPlace("postgres")
        : { url: `file:${join(folder, "foyer.db")}`, drop: async () => {} };
    const db = openDatabase(place.url, { log });
    await migrate(db, testSchema, { log });
    const vault = fileVault(folder);
    const house = credentialHouse({ db, vault, twitch });
    const start = () => {
      const node = startNode({ databaseUrl: place.url, folder, twitch, times });
      nodes.push(node);
      return node;
    };
    const end = async () => {
      for (const node of nodes.splice(0)) await node.stop();
      await db.close();
      await place.drop();
    };
    return { house, start, end };
  }

  test("two processes race 200 times to refresh: each refresh token is spent once", async () => {
    const { house, start, end } = await setUp();
    const [one, two] = [start(), start()];
    const names = Array.from({ length: 10 }, (_, i) => `racer-${engine}-${i}`);
    const stale = new Map<string, string>();
    for (const name of names) stale.set(name, (await linkTwitch(house, twitch, name)).accessToken);
    let different = 0;
    for (let round = 0; round < 200; round++) {
      const name = names[round % names.length] ?? "";
      const old = stale.get(name) ?? "";
      const answers = await Promise.all([one, two, one, two].map((node) => node.refreshAfter401(name, old)));
      if (new Set(answers.map(({ accessToken }) => accessToken)).size !== 1 || answers[0]?.accessToken === old)
        different += 1;
      stale.set(name, answers[0]?.accessToken ?? "");
    }
    const spending = names.flatMap((name) => twitch.grants.spending(`twitch-${name}`));
    console.info(
      `${engine}: ${twitch.calls.of("token")} calls for 200 races of 4 callers, most often one token was spent: ${Math.max(...spending)}`,
    );
    expect(different).toBe(0);
    expect(Math.max(...spending)).toBe(1);
    expect(spending.filter((each) => each === 1)).toHaveLength(200);
    expect(twitch.calls.of("token")).toBe(200);
    await end();
  });

  test("killed before Twitch has the refresh token: the next node takes over after the lease, and all is well", async () => {
    const { house, start, end } = await setUp({ leaseMs: 1_000, waitMs: 5_000, callMs: 800 });
    const name = `killed-early-${engine}`;
    const { accessToken } = await linkTwitch(house, twitch, name);
    twitch.fault({ kind: "slow", operation: "token", ms: 400, times: 1 });
    // Broken off at Twitch: the request is not carried out.
    twitch.fault({ kind: "disconnect", operation: "token", times: 1 });
    const victim = start();
    void victim.refreshAfter401(name, accessToken);
    while (twitch.calls.of("token") === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await victim.kill();
    // The old tokens are still there.
    expect(await house.credentials.open(name, "twitch")).toMatchObject({ accessToken });
    const fresh = await start().refreshAfter401(name, accessToken);
    expect(twitch.grants.validate(fresh.accessToken ?? "")).toBeDefined();
    expect(fresh.accessToken).not.toBe(accessToken);
    await end();
  });

  test("killed between Twitch's answer and the commit: never two good answers, and the person is asked again", async () => {
    const { house, start, end } = await setUp({ leaseMs: 1_000, waitMs: 5_000, callMs: 800 });
    const name = `killed-late-${engine}`;
    const { accessToken } = await linkTwitch(house, twitch, name);
    twitch.fault({ kind: "slow", operation: "token", ms: 500, times: 1, after: true });
    const victim = start();
    void victim.refreshAfter401(name, accessToken);
    while (!twitch.grants.spending(`twitch-${name}`).includes(1))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await victim.kill();
    expect(await house.credentials.open(name, "twitch")).toMatchObject({ accessToken });
    expect(await start().refreshAfter401(name, accessToken)).toEqual({ code: "link.sign_in_again" });
    expect(await house.links.find({ accountId: name, provider: "twitch" })).toMatchObject({
      status: "revoked",
      reason: "interrupted",
    });
    await linkTwitch(house, twitch, name);
    expect(await house.credentials.open(name, "twitch")).toBeDefined();
    await end();
  });

  test("killed in the same moment at a provider that does not rotate: nobody notices", async () => {
    const { house, start, end } = await setUp({ leaseMs: 1_000, waitMs: 5_000, callMs: 800 });
    const name = `killed-unrotated-${engine}`;
    const { accessToken } = await linkTwitch(house, twitch, name);
    twitch.grants.rules.rotate = false;
    try {
      twitch.fault({ kind: "slow", operation: "token", ms: 500, times: 1, after: true });
      const victim = start();
      void victim.refreshAfter401(name, accessToken);
      while (!twitch.grants.spending(`twitch-${name}`).includes(1))
        await new Promise((resolve) => setTimeout(resolve, 5));
      await victim.kill();
      const fresh = await start().refreshAfter401(name, accessToken);
      expect(twitch.grants.validate(fresh.accessToken ?? "")).toBeDefined();
    } finally {
      twitch.grants.rules.rotate = true;
    }
    await end();
  });
});
