import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFiles } from "./files.ts";
import { failures, root, type Step } from "./step.ts";

const longest = 200;

/** Folders that a reader meets first: the top, and one level inside the packages and the server. */
function foldersToCaption(): string[] {
  const folders = new Set<string>();
  for (const path of repositoryFiles()) {
    const parts = path.split("/");
    if (parts.length > 1 && !path.startsWith(".")) folders.add(`${parts[0]}/`);
    if (parts[0] === "packages" && parts.length > 2) folders.add(`${parts[1]}/`);
    if (path.startsWith("packages/server/src/") && parts.length > 4) folders.add(`${parts[3]}/`);
    if (path.startsWith("packages/server/src/modules/") && parts.length > 5) folders.add(`${parts[4]}/`);
  }
  return [...folders];
}

/** Every such folder has a line with words in ARCHITECTURE.md, every folder named there exists, and it stays short. */
export const captions: Step = {
  name: "captions",
  async run() {
    const lines = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").split("\n");
    const problems: string[] = [];
    if (lines.length > longest) problems.push(`ARCHITECTURE.md: ${lines.length} lines; the most is ${longest}`);
    for (const folder of foldersToCaption()) {
      const captioned = lines.some((line) => {
        const match = /^[\s│├└─]*([\w.@-]+\/)\s+(\S.*)$/.exec(line);
        return match?.[1] === folder && (match[2]?.length ?? 0) > 8;
      });
      if (!captioned) problems.push(`ARCHITECTURE.md: no caption for ${folder}`);
    }
    return failures(problems);
  },
};
