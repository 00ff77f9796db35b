import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "../check/step.ts";

/** A Foyer in a process of its own, with a folder that is gone afterwards. */
export interface FoyerProcess {
  /** Where people open it. */
  url: string;
  /** What it has written. */
  output(): string;
  /** Resolves when it has ended by itself, or was ended. */
  ended: Promise<number | null>;
  /** Asks it to end, waits, and removes its folder. */
  stop(): Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 15_000;
/** What a program needs of its surroundings. Settings of Foyer that somebody has must not get into the demo. */
const kept = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "USERPROFILE"];

/** Starts the server's entrypoint on a free port. Resolves once it answers; throws with its output if it does not. */
export async function startFoyer(settings: Readonly<Record<string, string>>): Promise<FoyerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "foyer-demo-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const chunks: string[] = [];
  const child: ChildProcess = spawn(process.execPath, [join(root, "packages/server/src/entrypoints/server.ts")], {
    cwd: folder,
    env: {
      ...Object.fromEntries(
        kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      HOST: "127.0.0.1",
      PORT: String(port),
      DATA_DIR: join(folder, "data"),
      LOG_LEVEL: "warn",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whatever ends this process must not leave a server behind.
  const endToo = () => void child.kill("SIGKILL");
  process.once("exit", endToo);
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  let isRunning = true;
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => {
      isRunning = false;
      process.off("exit", endToo);
      resolve(code);
    });
  });

  async function stop(): Promise<void> {
    child.kill("SIGTERM");
    const timer = setTimeout(endToo, STOP_MS);
    await ended;
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  }

  const deadline = performance.now() + START_MS;
  while (!(await answers(url))) {
    if (isRunning && performance.now() < deadline) {
      await wait(50);
      continue;
    }
    await stop();
    throw new Error(`Foyer does not start:\n${chunks.join("")}`);
  }
  return { url, output: () => chunks.join(""), ended, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once("error", reject);
  probe.listen(0, "127.0.0.1", () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
  });
  return promise;
}
