import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type GeneratedFile, generatedFiles } from "../generate/pages.ts";
import { failures, root, type Step } from "./step.ts";

/** One line for each generated file that is not what the code makes of it now. */
export function stale(files: readonly GeneratedFile[]): string[] {
  return files
    .filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text)
    .map(({ path }) => `${path} is not up to date: npm run generate`);
}

/** What is made from the code is what the repository holds. */
export const generated: Step = {
  name: "generated files",
  async run() {
    const files = generatedFiles();
    return failures(stale(files), files.length);
  },
};
