import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { rules } from "./rules.ts";

/** What was found under one folder: names of broken rules with the imports that break them, and what was read. */
export interface Cruised {
  violations: { rule: string; from: string; to: string }[];
  modules: string[];
  /** Specifiers that lead nowhere: nothing can be said about them. */
  unresolved: string[];
}

/** Reads every import under `folders` of `baseDir` and holds it against the rules. */
export async function cruiseTree(baseDir: string, folders: readonly string[], tsConfigPath: string): Promise<Cruised> {
  const { output } = await cruise(
    [...folders],
    {
      baseDir,
      validate: true,
      ruleSet: { forbidden: rules },
      tsPreCompilationDeps: true,
      combinedDependencies: true,
      doNotFollow: { path: "node_modules" },
      exclude: { path: "^packages/[^/]+/(dist|coverage)/" },
      moduleSystems: ["es6", "cjs"],
      enhancedResolveOptions: {
        extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
        exportsFields: ["exports"],
        conditionNames: ["import", "node", "default", "types"],
      },
    },
    {},
    { tsConfig: extractTSConfig(tsConfigPath) },
  );
  const result = output as ICruiseResult;
  return {
    violations: result.summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle === undefined ? to : cycle.map((step) => step.name).join(" → "),
    })),
    modules: result.modules.filter((module) => module.couldNotResolve !== true).map((module) => module.source),
    unresolved: result.modules.filter((module) => module.couldNotResolve === true).map((module) => module.source),
  };
}
