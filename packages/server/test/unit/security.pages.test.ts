import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { limitVariables } from "../../src/platform/config/config.variables.ts";
import { securityEventNames, securityEvents } from "../../src/platform/security/security.catalogue.ts";

const root = join(import.meta.dirname, "../../../..");
const pages = ["docs/operate/security.md", "docs/operate/asvs.md"] as const;
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Files that a page links to, as paths from the root of the repository. */
function links(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !target.startsWith("http"))
    .map((target) => resolve(join(root, dirname(page)), target.replace(/#.*$/, "")));
}

/** Rows of the table: number, level, state and evidence. */
function rows(text: string) {
  return [...text.matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, number = "", level = "", state = "", evidence = ""]) => ({ number, level, state, evidence }),
  );
}

test.each(pages)("every file that %s names as evidence exists", (page) => {
  const named = links(page, read(page));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
  // The search finds what is not there.
  const broken = links(page, "[a](../../packages/server/nothing.test.ts)");
  expect(broken.filter((path) => !existsSync(path))).toEqual([join(root, "packages/server/nothing.test.ts")]);
});

test("the table of ASVS 5.0.0 has every requirement of levels 1 and 2 once", () => {
  const text = read("docs/operate/asvs.md");
  const all = rows(text);
  const chapters = new Map<string, number>();
  for (const { number } of all) {
    const [chapter = ""] = number.split(".");
    chapters.set(chapter, (chapters.get(chapter) ?? 0) + 1);
  }
  expect(new Set(all.map(({ number }) => number)).size).toBe(all.length);
  // Counted in the standard's own list.
  expect([...chapters]).toEqual(
    Object.entries({
      1: 27,
      2: 11,
      3: 19,
      4: 10,
      5: 9,
      6: 35,
      7: 18,
      8: 7,
      9: 7,
      10: 29,
      11: 14,
      12: 9,
      13: 13,
      14: 9,
      15: 13,
      16: 16,
      17: 7,
    }),
  );
  expect(all.filter(({ level }) => level === "1")).toHaveLength(70);
  for (const state of ["met", "partly", "gap", "n/a"]) {
    const count = all.filter((row) => row.state === state).length;
    expect(text).toContain(`**${state}** (${count})`);
  }
});

test("what is met is shown by a file, and what is not says why", () => {
  for (const { number, state, evidence } of rows(read("docs/operate/asvs.md"))) {
    expect(["met", "partly", "gap", "n/a"]).toContain(state);
    if (state === "met") expect([number, /\]\(/.test(evidence)]).toEqual([number, true]);
    else expect([number, evidence.replaceAll(/\[[^\]]*\]\([^)]*\)/g, "").trim().length > 4]).toEqual([number, true]);
  }
});

test("the page names every security event with its severity, and every limit that guards a door", () => {
  const text = read("docs/operate/security.md");
  for (const event of securityEventNames) {
    const row = text.split("\n").find((line) => line.startsWith("| `") && line.includes(`\`${event}\``));
    expect([event, row?.includes(` ${securityEvents[event].severity} `)]).toEqual([event, true]);
  }
  for (const limit of [
    "globalPerSecond",
    "requestsPerMinute",
    "apiPerMinute",
    "webhooksPerSecond",
    "signInsPerMinute",
  ] as const) {
    const { name, defaultText } = limitVariables[limit];
    expect(text).toContain(`| \`${name}\` | ${defaultText} |`);
  }
});

test("the server starts no other program and runs no text as code", () => {
  const sources = readdirSync(join(root, "packages/server/src"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  expect(sources.length).toBeGreaterThan(150);
  const dangerous = /child_process|node:vm|worker_threads|\beval\(|new Function\(|process\.binding/;
  expect(dangerous.test('import { spawn } from "node:child_process";')).toBe(true);
  expect(sources.filter((name) => dangerous.test(read(`packages/server/src/${name}`)))).toEqual([]);
});
