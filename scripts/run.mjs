// Runs one of the TypeScript scripts under the pinned Node: node scripts/run.mjs scripts/generate.ts --check
import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { runNode } from "./bootstrap/runtime.mjs";

ensureDependencies();
runNode(process.argv.slice(2));
