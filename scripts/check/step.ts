import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The folder of the clone, without a slash at the end. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

/** What a step found. `detail` is printed only when something failed; `skips` always, one line each. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  detail: string;
  skips: string[];
}

/** One line of the report. Steps of one phase may run side by side. */
export interface Step {
  name: string;
  run(): Promise<Outcome>;
}

/** One check that held. */
export const passed = (count = 1): Outcome => ({ passed: count, failed: 0, skipped: 0, detail: "", skips: [] });

/** Checks that did not hold, among `count` that were made. */
export function failures(problems: readonly string[], count = 1): Outcome {
  const failed = Math.min(problems.length, count);
  return { passed: count - failed, failed, skipped: 0, detail: problems.join("\n"), skips: [] };
}

/** Something that could not be checked here, and why. */
export const skippedBecause = (reason: string): Outcome => ({
  passed: 0,
  failed: 0,
  skipped: 1,
  detail: "",
  skips: [reason],
});

/** Runs a file of node_modules or of the repository under this very Node; collects all that it says. */
export function runNode(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<{ status: number; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; output: string }>();
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: "1", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const minutes = (options.timeoutMs ?? 600_000) / 60_000;
  const timer = setTimeout(() => {
    chunks.push(Buffer.from(`\nstopped: not done after ${minutes} minutes\n`));
    child.kill("SIGKILL");
  }, minutes * 60_000);
  child.on("error", (error) => chunks.push(Buffer.from(error.message)));
  child.on("close", (code) => {
    clearTimeout(timer);
    resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString("utf8") });
  });
  return promise;
}

/** A step that is one tool: right when it ends with 0. */
export function tool(name: string, args: readonly string[]): Step {
  return {
    name,
    async run() {
      const { status, output } = await runNode(args);
      return status === 0 ? passed() : failures([output.trim() || `${name}: ended with ${status} and said nothing`]);
    },
  };
}
