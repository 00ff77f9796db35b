import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Lock, type Manifest, unpinned, unproven } from "../libraries/inventory.ts";
import { type LibraryRecord, overdue } from "../libraries/time.frames.ts";
import { repositoryFiles } from "./files.ts";
import { failures, root, type Step } from "./step.ts";

const read = <T>(path: string) => JSON.parse(readFileSync(join(root, path), "utf8")) as T;

/**
 * Every library is pinned, has its hash in the lock file and comes from a registry; and nothing that was written down
 * about them is late. Asks nobody: what nobody wrote down it does not know. The time is that of the newest commit, so
 * that an old one passes for ever as it did when it was made; without git this part is left out.
 */
export const libraries: Step = {
  name: "libraries",
  async run() {
    const manifests = repositoryFiles().filter((path) => /^(packages\/[^/]+\/)?package\.json$/.test(path));
    const at = await newestCommit();
    return failures([
      ...manifests.flatMap((path) => unpinned(path, read<Manifest>(path))),
      ...unproven(read<Lock>("package-lock.json")),
      ...(at === undefined ? [] : overdue(read<LibraryRecord>("scripts/libraries/record.json"), at)),
    ]);
  },
};

async function newestCommit(): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["log", "-1", "--format=%cI"], { cwd: root });
    return Date.parse(stdout.trim());
  } catch {
    return undefined;
  }
}
