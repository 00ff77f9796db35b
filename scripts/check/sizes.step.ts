import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFiles } from "./files.ts";
import { failures, root, type Step } from "./step.ts";

const hardStop = 400;
const source = /\.(ts|tsx|mjs|cjs|css)$/;

/** Files past 400 lines are split by noun. Generated ones do not exist as source. */
export const sizes: Step = {
  name: "file sizes",
  async run() {
    const files = repositoryFiles().filter((path) => source.test(path));
    const problems: string[] = [];
    for (const path of files) {
      const lines = readFileSync(join(root, path), "utf8").split("\n").length - 1;
      if (lines > hardStop) problems.push(`${path}: ${lines} lines; the most is ${hardStop}. Split it by noun.`);
    }
    return failures(problems);
  },
};
