// Runs on Node 18 and later, before anything is installed: only Node's own modules here.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./root.mjs";

const lockPath = join(root, "package-lock.json");
const installedPath = join(root, "node_modules", ".package-lock.json");
const stampPath = join(root, "node_modules", ".foyer-installed");

const digest = (text) => createHash("sha256").update(text).digest("hex");
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

/** True when npm's own record of what is installed holds what the lockfile asks for. */
function installedAsLocked(lockText) {
  const installedText = read(installedPath);
  if (installedText === undefined) return false;
  const wanted = JSON.parse(lockText).packages ?? {};
  const installed = JSON.parse(installedText).packages ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || !path.includes("node_modules/")) return true;
    const have = installed[path];
    // Optional packages of other platforms are in the lockfile, and rightly absent.
    if (have === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return have.version === entry.version && have.integrity === entry.integrity;
  });
}

/** Installs what the lockfile asks for, unless it is there already. One line on the terminal; output only on failure. */
export function ensureDependencies() {
  const lockText = read(lockPath);
  if (lockText === undefined) fail("package-lock.json is missing: run this from a clone of the repository.");
  const stamp = digest(lockText);
  if (read(stampPath) === stamp && existsSync(installedPath)) return;
  if (!installedAsLocked(lockText)) install();
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(stampPath, stamp);
}

function install() {
  process.stderr.write("Installing dependencies …\n");
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm?.endsWith("js") ? [process.execPath, [npm]] : ["npm", []];
  const result = spawnSync(command, [...prefix, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: command === "npm" && process.platform === "win32",
  });
  if (result.status === 0) return;
  process.stderr.write(
    `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ? `${result.error.message}\n` : ""}`,
  );
  fail("npm ci failed; see above. Nothing was started.");
}
