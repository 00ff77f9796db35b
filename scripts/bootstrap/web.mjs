// Runs on Node 18 and later: only Node's own modules here.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fail, root } from "./root.mjs";
import { runNodeSync } from "./runtime.mjs";

const web = join(root, "packages", "web");
const dist = join(web, "dist");
const stampPath = join(dist, ".sources");
const skipped = new Set(["node_modules", "dist", "test"]);

function* filesUnder(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (skipped.has(entry.name) || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

/** Hash over every source that the pages are built from, and the versions of what builds them. */
function hashSources() {
  const hash = createHash("sha256");
  const folders = [web, join(root, "packages", "client", "src"), join(root, "packages", "protocol", "src")];
  for (const path of [...folders.flatMap((folder) => [...filesUnder(folder)]), join(root, "package-lock.json")]) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** Builds the pages, unless what is built belongs to the sources as they are. One line on the terminal. */
export function ensureWeb() {
  if (!existsSync(join(web, "index.html"))) fail("packages/web/index.html is missing.");
  const stamp = hashSources();
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return;
  process.stderr.write("Building the pages …\n");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  // A test runner says NODE_ENV=test, which would build React's development version, and keep it.
  const env = { NODE_ENV: "production" };
  const { status, output } = runNodeSync([vite, "build", "--logLevel", "warn"], { cwd: web, env });
  if (status !== 0) {
    process.stderr.write(output);
    fail("the pages could not be built; see above.");
  }
  writeFileSync(stampPath, stamp);
}
