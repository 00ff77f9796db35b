import { fileURLToPath } from "node:url";

/** The folder of the clone, without a slash at the end. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** Says one line and ends. */
export function fail(line) {
  process.stderr.write(`foyer: ${line}\n`);
  process.exit(1);
}
