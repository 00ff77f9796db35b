import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./step.ts";

const skipped = new Set([".git", "node_modules", "dist", "data", "coverage", ".tmp"]);

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

/** Paths of the files of the repository, without what is installed or built. Git need not be there. */
export function repositoryFiles(): string[] {
  return [...walk("")].sort();
}
