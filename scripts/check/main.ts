import { analysis } from "./analysis.step.ts";
import { boundaries } from "./boundaries.step.ts";
import { bundle } from "./bundle.step.ts";
import { captions } from "./captions.step.ts";
import { generated } from "./generated.step.ts";
import { libraries } from "./libraries.step.ts";
import { sizes } from "./sizes.step.ts";
import type { Outcome, Step } from "./step.ts";
import { browserTests, tests } from "./tests.step.ts";

// `npm run check` passes --static; `npm test` runs everything. Two at a time: the machines this runs on have two cores.
const phases: { static: boolean; width: number; steps: Step[] }[] = [
  { static: true, width: 2, steps: [...analysis, boundaries, generated, sizes, captions, libraries] },
  { static: false, width: 1, steps: [bundle, tests, browserTests] },
];

const total: Outcome = { passed: 0, failed: 0, skipped: 0, detail: "", skips: [] };

async function report(step: Step): Promise<void> {
  const started = performance.now();
  let outcome: Outcome;
  try {
    outcome = await step.run();
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    outcome = { passed: 0, failed: 1, skipped: 0, detail: text, skips: [] };
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counts = [`${outcome.passed} passed`];
  if (outcome.failed > 0) counts.push(`${outcome.failed} FAILED`);
  if (outcome.skipped > 0) counts.push(`${outcome.skipped} SKIPPED`);
  const mark = outcome.failed > 0 ? "✗" : outcome.skipped > 0 ? "!" : "✓";
  console.log(`${mark} ${step.name.padEnd(24)} ${seconds.padStart(6)} s  ${counts.join(", ")}`);
  if (outcome.failed > 0) console.log(`\n${outcome.detail}\n`);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  total.skips.push(...outcome.skips.map((reason) => `${step.name}: ${reason}`));
}

async function runPhase(steps: readonly Step[], width: number): Promise<void> {
  const queue = [...steps];
  const lanes = Array.from({ length: width }, async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) await report(step);
  });
  await Promise.all(lanes);
}

const onlyStatic = process.argv.includes("--static");
for (const phase of phases) {
  if (phase.static || !onlyStatic) await runPhase(phase.steps, phase.width);
}

// In CI nothing may be missing: a skip there is a failure that nobody would notice.
const skipFails = process.env.CI === "true" && total.skipped > 0;
if (total.skips.length > 0) {
  console.log(`\n${"!".repeat(72)}\nSKIPPED${skipFails ? " (and CI=true, so this run fails)" : ""}:`);
  for (const reason of total.skips) console.log(`  ${reason}`);
  console.log("!".repeat(72));
}
process.exitCode = total.failed > 0 || skipFails ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
