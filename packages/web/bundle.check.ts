import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** First load of JavaScript, in bytes after gzip -9. */
const budget = 200 * 1024;
const dist = join(import.meta.dirname, "dist");

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

/** Keys of an entry and of all that it imports statically: what a browser must have before anything shows. */
function closure(manifest: Record<string, Chunk>, start: string): Set<string> {
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of manifest[key]?.imports ?? []) visit(next);
  };
  visit(start);
  return seen;
}

const manifest = JSON.parse(await readFile(join(dist, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;

async function measure(keys: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const key of keys) {
    const file = manifest[key]?.file;
    if (file?.endsWith(".js")) bytes += gzipSync(await readFile(join(dist, file)), { level: 9 }).length;
  }
  return bytes;
}

function find(what: string, test: (key: string) => boolean): string {
  const key = Object.keys(manifest).find(test);
  if (key === undefined) throw new Error(`dist/.vite/manifest.json names no ${what}: run vite build first`);
  return key;
}

const entry = find("entry", (key) => manifest[key]?.isEntry === true);
const shell = find("frame", (key) => key.endsWith("features/shell/shell.layout.tsx"));
const room = find("room view", (key) => key.endsWith("features/room/room.page.tsx"));
const first = closure(manifest, entry);
// Somebody who is signed in lands in a room: that is the first load that counts, not the bare entry.
const whole = new Set([...first, ...closure(manifest, shell), ...closure(manifest, room)]);
const bytes = await measure(whole);
const kilobytes = (value: number): string => `${(value / 1024).toFixed(1)} KB`;
console.log(`entry and its imports: ${kilobytes(await measure(first))} compressed`);
console.log(`first load of JavaScript, with the room view: ${kilobytes(bytes)} of ${kilobytes(budget)} compressed`);
if (bytes > budget) {
  console.error(`over budget by ${kilobytes(bytes - budget)}: load something on demand`);
  process.exitCode = 1;
}
