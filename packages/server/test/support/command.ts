import { spawn } from "node:child_process";
import { join } from "node:path";

const entrypoint = join(import.meta.dirname, "../../src/entrypoints/cli.ts");

/** How a command ended. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `foyer <args>` in a process of its own with nothing but `env` set. `input` is its standard input. */
export function runFoyer(args: readonly string[], env: Record<string, string>, input = ""): Promise<CommandResult> {
  const child = spawn(process.execPath, [entrypoint, ...args], { env: { PATH: process.env.PATH ?? "", ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The one line with which a command failed. Throws when it did not fail with 1, or said anything else. */
export function failure({ code, stdout, stderr }: CommandResult): string {
  const line = /^foyer: ([^\n]+)\n$/.exec(stderr)?.[1];
  if (code === 1 && stdout === "" && line !== undefined) return line;
  throw new Error(`not a failure in one line: exit code ${code}\n${stdout}${stderr}`);
}
