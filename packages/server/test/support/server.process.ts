import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const entrypoint = join(import.meta.dirname, "../../src/entrypoints/server.ts");

/** A server in a process of its own, with its own folder and a port that it keeps when it is started again. */
export interface ServerProcess {
  readonly origin: string;
  readonly dataDir: string;
  /** All that it has written since it was first started. */
  output(): string;
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code (null: a signal ended it). */
  stop(): Promise<number | null>;
  /** Starts it again over the same data. Resolves once it answers. */
  start(): Promise<void>;
  /** Ends it whatever its state, and removes its folder. */
  dispose(): Promise<void>;
}

/** What a server process is started with. `command` replaces the entrypoint, e.g. for a bundled server. */
export interface ProcessOptions {
  env?: Record<string, string>;
  command?: readonly string[];
  cwd?: string;
}

/** Settings that keep limits out of the way of tests that are not about limits. */
export const withoutLimits: Record<string, string> = {
  LIMIT_MESSAGES_PER_5S: "0",
  LIMIT_CONNECTIONS_PER_ACCOUNT: "0",
  LIMIT_CONNECTIONS_PER_ADDRESS: "0",
  LIMIT_REQUESTS_PER_MINUTE: "0",
  LIMIT_GLOBAL_PER_SECOND: "0",
  LIMIT_SIGN_INS_PER_MINUTE: "0",
};

/** Starts a server process; resolves once it answers. Throws with its output when it ends instead. */
export async function startServerProcess(options: ProcessOptions = {}): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "foyer-process-"));
  const dataDir = join(folder, "data");
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const chunks: string[] = [];
  let child: ChildProcess | undefined;
  let ended: Promise<number | null> = Promise.resolve(0);

  async function start(): Promise<void> {
    const started = spawn(process.execPath, options.command ?? [entrypoint], {
      cwd: options.cwd ?? folder,
      env: {
        PATH: process.env.PATH ?? "",
        HOST: "127.0.0.1",
        PORT: String(port),
        DATA_DIR: dataDir,
        LOG_LEVEL: "warn",
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    // A run that is given up must not leave servers behind.
    const endToo = (): void => void started.kill("SIGKILL");
    process.once("exit", endToo);
    started.once("exit", () => process.off("exit", endToo));
    started.stdout.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    started.stderr.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    let running = true;
    ended = new Promise((resolve) => {
      started.on("exit", (code) => {
        running = false;
        resolve(code);
      });
    });
    const deadline = performance.now() + 90_000;
    while (!(await answers(origin))) {
      if (!running) throw new Error(`the server ended instead of starting:\n${chunks.join("")}`);
      if (performance.now() > deadline) throw new Error(`the server does not answer:\n${chunks.join("")}`);
      await wait(20);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    child?.kill(signal);
    return ended;
  }

  try {
    await start();
  } catch (error) {
    await end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    origin,
    dataDir,
    start,
    output: () => chunks.join(""),
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
    async dispose() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/api/health`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** A port of the loopback address that was free a moment ago. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once("error", reject);
  probe.listen(0, "127.0.0.1", () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
  });
  return promise;
}
