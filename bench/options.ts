import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

/** How much is measured. `rounds`: how often each measure is repeated, alternating between the servers. */
export interface Plan {
  rounds: number;
  seconds: number;
  connections: number;
  idle: number;
  idleRounds: number;
  missed: number;
}

/** `cores` is empty where processes cannot be bound to one. `only` limits the run to measures whose name begins so. */
export interface Options {
  plan: Plan;
  write: boolean;
  profile: string | undefined;
  only: string | undefined;
  cores: { server: number | undefined; load: number | undefined };
}

const full: Plan = { rounds: 5, seconds: 4, connections: 1_000, idle: 10_000, idleRounds: 2, missed: 100 };
const quick: Plan = { rounds: 1, seconds: 2, connections: 1_000, idle: 2_000, idleRounds: 1, missed: 100 };

/** Files that a process has open besides its connections. */
const otherFiles = 200;

/** Reads the command line. Throws when this machine does not allow as many open connections as are needed. */
export function readOptions(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      profile: { type: "string" },
      only: { type: "string" },
    },
  });
  const plan = values.quick ? quick : full;
  const allowed = openFiles();
  if (allowed < plan.idle + otherFiles) {
    throw new Error(`${plan.idle} connections need "ulimit -n ${plan.idle + otherFiles}"; it is ${allowed}`);
  }
  return { plan, write: values.write, profile: values.profile, only: values.only, cores: placement().cores };
}

/** On which cores server and load run; on whichever the kernel chooses where processes cannot be bound to one. */
export function placement(): { cores: Options["cores"]; isPinned: boolean } {
  const isPinned = availableParallelism() >= 2 && spawnSync("taskset", ["--version"]).status === 0;
  return { cores: isPinned ? { server: 0, load: 1 } : { server: undefined, load: undefined }, isPinned };
}

function openFiles(): number {
  if (process.platform !== "linux") return Number.POSITIVE_INFINITY;
  const line = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return line === "unlimited" ? Number.POSITIVE_INFINITY : Number(line);
}
