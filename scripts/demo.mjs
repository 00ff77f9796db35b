import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { fail } from "./bootstrap/root.mjs";
import { runNode } from "./bootstrap/runtime.mjs";
import { ensureWeb } from "./bootstrap/web.mjs";

if (process.argv.length > 2) fail("npm run demo takes no arguments. Everything in it is gone when it ends.");
ensureDependencies();
ensureWeb();
runNode(["scripts/demo.ts"]);
