import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@foyer/client";
import type { Child } from "../child.process.ts";
import { type MeasuredServer, measuring, startMeasured } from "./server.process.ts";

const entrypoint = join(import.meta.dirname, "../../packages/server/src/entrypoints/server.ts");

/** Accounts that the connections are shared out among: signing up is slow on purpose, so that it is a few. */
const accounts = 20;

/** The limits that would stop a load from one address; everything else is as shipped. */
const withoutLimits = {
  LIMIT_MESSAGES_PER_5S: "0",
  LIMIT_FRAMES_PER_SECOND: "0",
  LIMIT_CONNECTIONS_PER_ACCOUNT: "0",
  LIMIT_CONNECTIONS_PER_ADDRESS: "0",
  LIMIT_REQUESTS_PER_MINUTE: "0",
  LIMIT_GLOBAL_PER_SECOND: "0",
  LIMIT_SIGN_INS_PER_MINUTE: "0",
};

/** Starts Foyer by its real entrypoint over an empty data folder. */
export async function startFoyer(options: { core: number | undefined }): Promise<MeasuredServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "foyer-bench-"));
  const forget = () => rmSync(dataDir, { recursive: true, force: true });
  process.once("exit", forget);
  const port = await freePort();
  const child = startMeasured("Foyer", {
    script: entrypoint,
    env: {
      HOST: "127.0.0.1",
      PORT: String(port),
      DATA_DIR: dataDir,
      GUESTS: "write",
      LOG_LEVEL: "warn",
      ...withoutLimits,
    },
    core: options.core,
  });
  const { api } = createClient({ url: `http://127.0.0.1:${port}` });
  await answers(child, () => api.health());
  const tokens: string[] = [];
  for (let number = 1; number <= accounts; number += 1) {
    const body = { handle: `bench-${number}`, password: "only for the benchmark" };
    tokens.push((await api.register({ body })).token);
  }
  const owner = createClient({ url: `http://127.0.0.1:${port}`, token: tokens[0] });
  const few = await owner.api.createRoom({ body: { kind: "public", name: "Few" } });
  return {
    kind: "foyer",
    port,
    tokens,
    rooms: { crowd: "general", few: few.roomId },
    ...measuring(child),
    async stop() {
      await child.stop();
      process.off("exit", forget);
      forget();
    },
  };
}

async function answers(child: Child, ask: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!child.running || performance.now() > deadline)
        throw new Error(`Foyer does not start:\n${child.output}`, { cause: error });
      await sleep(50);
    }
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
