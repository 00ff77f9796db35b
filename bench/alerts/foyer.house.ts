import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type FoyerClient } from "@foyer/client";
import { linkOutside } from "../../scripts/demo/visitor.ts";
import type { Child } from "../child.process.ts";
import { startMeasured } from "../servers/server.process.ts";
import { guildId, type Services } from "./alerts.services.ts";

const entrypoint = join(import.meta.dirname, "../../packages/server/src/entrypoints/server.ts");
const password = "only for the benchmark";

/** A Foyer that announces Ada, in a process of its own. */
export interface AlertHouse {
  /** Where Twitch's webhooks go. */
  hook: string;
  api: FoyerClient["api"];
  /** Makes an account, and gives its API. */
  register(handle: string): Promise<FoyerClient["api"]>;
  stop(): Promise<void>;
}

/** Starts it as shipped, over SQLite; only limits that would stop a load from one address are lifted. */
export async function startHouse(services: Services, core: number | undefined): Promise<AlertHouse> {
  const folder = mkdtempSync(join(tmpdir(), "foyer-bench-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const limits = [
    "REQUESTS_PER_MINUTE",
    "API_PER_MINUTE",
    "GLOBAL_PER_SECOND",
    "WEBHOOKS_PER_SECOND",
    "SIGN_INS_PER_MINUTE",
  ];
  const child: Child = startMeasured("Foyer", {
    script: entrypoint,
    env: {
      HOST: "127.0.0.1",
      PORT: String(port),
      DATA_DIR: join(folder, "data"),
      LOG_LEVEL: "warn",
      ...Object.fromEntries(limits.map((name) => [`LIMIT_${name}`, "0"])),
      ...services.env,
    },
    core,
  });
  async function stop(): Promise<void> {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const register = async (handle: string) => {
    const { token } = await createClient({ url }).api.register({ body: { handle, password } });
    return createClient({ url, token }).api;
  };
  try {
    const deadline = performance.now() + 30_000;
    while (
      !(await fetch(`${url}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (!child.running || performance.now() > deadline) throw new Error(`Foyer does not start:\n${child.output}`);
      await sleep(50);
    }
    const api = await register("ada");
    await linkOutside(url, { handle: "ada", password }, "discord", "ada.d");
    for (const params of [{ guildId }, { guildId: "here" }]) {
      // Every start is news, however soon after the last one.
      await api.updateGuildConfig({ params, body: { reannounceMinutes: 0 } });
      await api.addGuildStreamer({ params, body: { login: "ada" } });
    }
    return { hook: `${url}/webhooks/twitch`, api, register, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
