import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stale } from "./check/generated.step.ts";
import { root } from "./check/step.ts";
import { generatedFiles } from "./generate/pages.ts";

const files = generatedFiles();
if (process.argv.includes("--check")) {
  const problems = stale(files);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
