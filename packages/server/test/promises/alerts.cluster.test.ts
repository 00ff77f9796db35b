import { expect, test } from "vitest";
import { playRounds } from "../support/alert.rounds.ts";
import { guildId, setStage, startAlertServices } from "../support/alerts.stage.ts";
import { startCluster } from "../support/cluster.ts";

const rounds = 20;
const size = { channels: 24, rooms: 2, webhooks: 3, phones: 4 };
const places = 24 + 3 + 4 + 2;

/** A server by the name under which it sends people away and takes them back. */
const named = (server: { origin: string } | undefined) => (server?.origin ?? "").replace("127.0.0.1", "localhost");

/** Every start is news, however soon after the last one. */
const everyStart = { reannounceMinutes: 0 };

test(`two nodes on Postgres and Redis lose one in mid-fan-out, ${rounds} times: every destination gets each alert once`, async () => {
  const services = await startAlertServices();
  const cluster = await startCluster(2, services.env);
  const { nodes } = cluster;
  const dying = (round: number) => nodes[round % 2];
  let alive = named(nodes[0]);
  try {
    const stage = await setStage(() => alive, services, size);
    for (const id of [guildId, "here"]) await stage.owner.call("updateGuildConfig", [id], everyStart);
    const mortal = {
      async kill(round: number) {
        alive = named(nodes[(round + 1) % 2]);
        await dying(round)?.kill();
      },
      revive: async (round: number) => dying(round)?.start(),
    };
    const { got, cut } = await playRounds({ stage, services, mortal, rounds });
    expect(got).toEqual(Array.from({ length: places }, () => rounds));
    expect(cut).toBeGreaterThan(0);
  } finally {
    await cluster.dispose();
    await services.close();
  }
}, 900_000);
