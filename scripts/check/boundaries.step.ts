import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cruiseTree } from "../boundaries/cruise.ts";
import { type Fixture, fixtures } from "../boundaries/fixtures.ts";
import { rules } from "../boundaries/rules.ts";
import { inspectSource } from "../boundaries/sources.ts";
import { repositoryFiles } from "./files.ts";
import { failures, root, type Step } from "./step.ts";

const tsConfig = join(root, "tsconfig.json");
const isSource = /^packages\/[^/]+\/src\/.*\.tsx?$/;

/** Names of the parts that a tree breaks. The tree lives inside the clone, so that packages resolve as they do there. */
async function brokenBy(tree: Record<string, string>): Promise<string[]> {
  mkdirSync(join(root, ".tmp"), { recursive: true });
  const folder = mkdtempSync(join(root, ".tmp", "boundaries-"));
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const cruised = await cruiseTree(folder, ["packages"], tsConfig);
    const found = Object.entries(tree).flatMap(([path, text]) => inspectSource(path, text));
    return [...new Set([...cruised.violations, ...found].map((violation) => violation.rule))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prove({ rule, wrong, right }: Fixture): Promise<string[]> {
  const broken = await brokenBy(wrong);
  const problems: string[] = [];
  if (!broken.includes(rule))
    problems.push(`fixture of ${rule}: does not fire (found: ${broken.join(", ") || "nothing"})`);
  const clean = await brokenBy(right);
  if (clean.length > 0) problems.push(`fixture of ${rule}: the tree that is right breaks ${clean.join(", ")}`);
  return problems;
}

/** The dependency rule on the repository itself, and on the fixtures that prove that each part of it can fail. */
export const boundaries: Step = {
  name: "dependency rule",
  async run() {
    const problems: string[] = [];
    const sources = repositoryFiles().filter((path) => isSource.test(path));
    const cruised = await cruiseTree(root, ["packages"], tsConfig);
    // A cruiser that cannot read TypeScript reads nothing, and finds nothing wrong.
    const read = new Set(cruised.modules);
    const unread = sources.filter((path) => !read.has(path) && !path.endsWith(".d.ts"));
    if (unread.length > 0) problems.push(`${unread.length} sources were not read, among them ${unread[0]}`);
    for (const name of cruised.unresolved) problems.push(`cannot be resolved: ${name}`);
    for (const { rule, from, to } of cruised.violations) problems.push(`${rule}: ${from} → ${to}`);
    for (const path of sources) {
      for (const { rule, line, what } of inspectSource(path, readFileSync(join(root, path), "utf8"))) {
        problems.push(`${rule}: ${path}:${line} reads ${what}`);
      }
    }
    for (const { name } of rules) {
      if (!fixtures.some((fixture) => fixture.rule === name)) problems.push(`${name}: has no fixture`);
    }
    for (const fixture of fixtures) problems.push(...(await prove(fixture)));
    return failures(problems, rules.length + 3);
  },
};
