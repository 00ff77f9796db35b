// Runs on Node 18 and later: only Node's own modules here.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fail, root } from "./root.mjs";

const needed = 24;
const major = (version) => Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);

function pinned() {
  const path = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (!existsSync(path)) return undefined;
  // A binary for glibc does not start on musl: then the system's Node is asked.
  const answer = spawnSync(path, ["--version"], { encoding: "utf8" });
  return answer.status === 0 && major(answer.stdout) >= needed ? path : undefined;
}

/** Path of a Node that is new enough: this one, the one pinned in the lockfile, or a clear line and the end. */
export function findNode() {
  if (major(process.version) >= needed) return process.execPath;
  const found = pinned();
  if (found === undefined) {
    fail(
      `needs Node ${needed} or later; this is ${process.version} and no pinned one runs on ${process.platform}-${process.arch}.`,
    );
  }
  return found;
}

/**
 * Runs a file under Node 24 with this process's terminal, hands signals on, and ends with its exit code.
 * The pinned Node comes first on the PATH, so that whatever it starts finds the same one.
 */
export function runNode(args, { cwd = root, env = {} } = {}) {
  const node = findNode();
  const bin = join(root, "node_modules", ".bin");
  const separator = process.platform === "win32" ? ";" : ":";
  const path = process.env.PATH ?? "";
  const child = spawn(node, args, {
    cwd,
    stdio: "inherit",
    env: { ...process.env, ...env, PATH: path.startsWith(bin) ? path : `${bin}${separator}${path}` },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl-C at a terminal reaches the whole process group already: once is enough.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  // npm stays as long as its script runs. When it is killed outright, nobody hands the signal on: then this is it.
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 1000).unref();
  }
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 1 : (constants.signals[signal] ?? 1)));
  });
}

/** Runs a file under Node 24 and waits for it. Returns its status and what it said. */
export function runNodeSync(args, { cwd = root, env = {} } = {}) {
  const result = spawnSync(findNode(), args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status: result.status ?? 1, output: `${result.stdout ?? ""}${result.stderr ?? ""}` };
}
