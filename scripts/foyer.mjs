import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { runNode } from "./bootstrap/runtime.mjs";
import { ensureWeb } from "./bootstrap/web.mjs";

const args = process.argv.slice(2);
ensureDependencies();
if (args[0] === "start") ensureWeb();
runNode(["packages/server/src/entrypoints/cli.ts", ...args]);
