import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TwitchSimulator } from "@foyer/simulators/twitch";
import type { RenewalTimes } from "../../src/modules/identity/credentials/renewal.ts";

/** What a node is told at its start. */
export interface NodeOptions {
  databaseUrl: string;
  folder: string;
  twitch: Pick<TwitchSimulator, "url" | "app">;
  times?: Partial<RenewalTimes>;
}

/** An access token, or the code of the error. */
export interface NodeAnswer {
  accessToken?: string;
  code?: string;
}

/** A node that uses credentials, in a process of its own. */
export interface NodeProcess {
  open(accountId: string): Promise<NodeAnswer>;
  refreshAfter401(accountId: string, stale: string): Promise<NodeAnswer>;
  /** SIGKILL. What was asked and not answered stays so. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a node on the database. */
export function startNode({ databaseUrl, folder, twitch, times }: NodeOptions): NodeProcess {
  const told = JSON.stringify({ databaseUrl, folder, twitch: { url: twitch.url, app: twitch.app }, times });
  const child = spawn(process.execPath, [join(import.meta.dirname, "credential.node.ts"), told], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const waiting = new Map<number, (answer: NodeAnswer) => void>();
  let asked = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, ...answer } = JSON.parse(line) as NodeAnswer & { id: number };
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });

  function ask(question: object): Promise<NodeAnswer> {
    const id = ++asked;
    child.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
    return new Promise((resolve) => waiting.set(id, resolve));
  }

  return {
    open: (accountId) => ask({ accountId }),
    refreshAfter401: (accountId, stale) => ask({ accountId, stale }),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
