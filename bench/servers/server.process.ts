import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Child, type ChildOptions } from "../child.process.ts";

/** What a server process has used since it was started, all of its threads together. */
export interface Usage {
  cpuSeconds: number;
  residentBytes: number;
}

/** What a measured server can be asked. A profile is of what happens between its start and its end. */
export type ServerQuestion =
  | { ask: "usage"; collect: boolean }
  | { ask: "profile" }
  | { ask: "profiled"; path: string };

/** A server under measurement, in a process of its own. `tokens` are of accounts that may write in `rooms`. */
export interface MeasuredServer {
  readonly kind: "foyer" | "socketio";
  readonly port: number;
  readonly tokens: readonly string[];
  readonly rooms: { crowd: string; few: string };
  usage(): Promise<Usage>;
  /** Profiles the server's CPU while `run` runs, and writes the profile to `path`. */
  profiled<T>(path: string, run: () => Promise<T>): Promise<T>;
  /** Resident memory once what can be freed is freed. */
  settledBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a process that `usage` can be asked of. */
export function startMeasured(name: string, options: Omit<ChildOptions, "nodeArguments">): Child {
  const preload = join(import.meta.dirname, "usage.preload.ts");
  return new Child(name, { ...options, nodeArguments: ["--expose-gc", "--import", preload] });
}

/** What every measured server can be asked. */
export function measuring(child: Child): Pick<MeasuredServer, "usage" | "profiled" | "settledBytes"> {
  const ask = <T>(question: ServerQuestion) => child.ask<T>(question);
  const usage = (collect: boolean) => ask<Usage>({ ask: "usage", collect });
  return {
    usage: () => usage(false),
    async profiled(path, run) {
      await ask({ ask: "profile" });
      const value = await run();
      await ask({ ask: "profiled", path });
      return value;
    },
    async settledBytes() {
      await usage(true);
      await sleep(1_000);
      return (await usage(true)).residentBytes;
    },
  };
}
