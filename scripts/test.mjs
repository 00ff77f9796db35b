import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { runNode } from "./bootstrap/runtime.mjs";

ensureDependencies();
runNode(["scripts/check/main.ts", ...process.argv.slice(2)]);
