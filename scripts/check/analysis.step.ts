import { type Step, tool } from "./step.ts";

const typescript = "node_modules/typescript-7/bin/tsc";
const biome = "node_modules/@biomejs/biome/bin/biome";

/** Tools that read the whole tree and say what is wrong with it. */
export const analysis: Step[] = [
  tool("types", [typescript, "-p", "tsconfig.json"]),
  tool("types of the pages", [typescript, "-p", "packages/web/tsconfig.json"]),
  tool("lint and format", [biome, "ci", "--error-on-warnings", "--colors=off", "."]),
  tool("lint with types", ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"]),
  tool("unused code", ["node_modules/knip/bin/knip.js", "--no-progress", "--treat-config-hints-as-errors"]),
];
