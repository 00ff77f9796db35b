import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, root, runNode, type Step, skippedBecause } from "./step.ts";

/** What vitest writes with its JSON reporter, as far as it is read here. */
interface Report {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}

const withoutPassed = (output: string): string =>
  output
    .split("\n")
    .filter((line) => !/^\s*✓/.test(line))
    .join("\n")
    .trim();

/**
 * Tests that failed and then passed on another try: a line for each, and one for what each failed try said. They count
 * as passed, but nobody shall overlook them.
 */
function flakyTests(report: Report): string[] {
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === "passed" && (test.failureMessages ?? []).length > 0)
      .flatMap((test) => [
        `FLAKY: ${file.name.replace(`${root}/`, "")}: ${test.fullName.trim()}`,
        ...(test.failureMessages ?? []).map((message) => `       ${message.split("\n")[0]}`),
      ]),
  );
}

function countTests(report: Report): Outcome {
  const outcome: Outcome = { passed: 0, failed: 0, skipped: 0, detail: "", skips: [] };
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === "passed") outcome.passed += 1;
      else if (test.status === "failed") outcome.failed += 1;
      else {
        outcome.skipped += 1;
        outcome.skips.push(`${file.name.replace(`${root}/`, "")}: ${test.fullName}`);
      }
    }
    // A file that does not load holds no tests, and must not count as nothing.
    if (file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"))
      outcome.failed += 1;
  }
  return outcome;
}

function vitest(name: string, projects: readonly string[], minutes: number): Step {
  return {
    name,
    async run() {
      const folder = join(root, ".tmp");
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `vitest-${projects.join("-")}-${process.pid}.json`);
      const { status, output } = await runNode(
        [
          "node_modules/vitest/vitest.mjs",
          "run",
          "--reporter=default",
          "--reporter=json",
          `--outputFile.json=${file}`,
          ...projects.map((project) => `--project=${project}`),
        ],
        { timeoutMs: minutes * 60_000 },
      );
      let outcome: Outcome;
      try {
        const report = JSON.parse(readFileSync(file, "utf8")) as Report;
        outcome = countTests(report);
        const flaky = flakyTests(report);
        const line = "!".repeat(72);
        if (flaky.length > 0) console.log([line, "PASSED ONLY ON ANOTHER TRY:", ...flaky, line].join("\n"));
      } catch {
        outcome = { passed: 0, failed: 1, skipped: 0, detail: "", skips: [] };
      } finally {
        rmSync(file, { force: true });
      }
      // Errors outside of any test (an unhandled rejection) fail the run without failing a test.
      if (status !== 0 && outcome.failed === 0) outcome.failed = 1;
      if (outcome.passed + outcome.failed === 0) outcome.failed = 1;
      outcome.detail = withoutPassed(output);
      return outcome;
    },
  };
}

/** Everything but the browser: unit tests, conformance of the stores on both engines, scenarios of the composed server. */
export const tests = vitest("tests", ["unit", "conformance", "scenarios", "promises"], 40);

const inBrowser = vitest("tests in a browser", ["e2e"], 30);
const hasBrowser = process.env.CHROMIUM_PATH !== undefined || (process.platform === "linux" && process.arch === "x64");

/** Two browsers against a real server. */
export const browserTests: Step = {
  name: inBrowser.name,
  async run() {
    if (hasBrowser) return inBrowser.run();
    return skippedBecause(
      `the Chromium that npm brings runs on linux-x64, not on ${process.platform}-${process.arch}: set CHROMIUM_PATH`,
    );
  },
};
