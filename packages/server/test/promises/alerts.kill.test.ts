import { describe, expect, it } from "vitest";
import { playRounds } from "../support/alert.rounds.ts";
import { guildId, setStage, startAlertServices } from "../support/alerts.stage.ts";
import { testPlace } from "../support/engines.ts";
import { startServerProcess, withoutLimits } from "../support/server.process.ts";

const rounds = 20;
const size = { channels: 24, rooms: 2, webhooks: 3, phones: 4 };
const places = 24 + 3 + 4 + 2;

/** A server by the name under which it sends people away and takes them back. */
const named = (server: { origin: string } | undefined) => (server?.origin ?? "").replace("127.0.0.1", "localhost");

/** Every start is news, however soon after the last one. */
const everyStart = { reannounceMinutes: 0 };

describe.each(["sqlite", "postgres"] as const)("a server on %s", (engine) => {
  it(`is killed in mid-fan-out, ${rounds} times: every destination gets each alert once`, async () => {
    const services = await startAlertServices();
    const place = await testPlace(engine);
    const server = await startServerProcess({
      env: { ...withoutLimits, ...services.env, ...(engine === "postgres" && { DATABASE_URL: place.url }) },
    });
    try {
      const stage = await setStage(() => named(server), services, size);
      for (const id of [guildId, "here"]) await stage.owner.call("updateGuildConfig", [id], everyStart);
      const mortal = { kill: () => server.kill(), revive: () => server.start() };
      const { got, cut } = await playRounds({ stage, services, mortal, rounds });
      expect(got).toEqual(Array.from({ length: places }, () => rounds));
      // Or nothing was proven.
      expect(cut).toBeGreaterThan(0);
    } finally {
      await server.dispose();
      await place.drop();
      await services.close();
    }
  }, 900_000);
});
