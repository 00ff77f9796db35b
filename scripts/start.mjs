import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { fail } from "./bootstrap/root.mjs";
import { runNode } from "./bootstrap/runtime.mjs";
import { ensureWeb } from "./bootstrap/web.mjs";

if (process.argv.length > 2) fail("npm start takes no arguments. Commands: npm run -s foyer -- help");
ensureDependencies();
ensureWeb();
runNode(["packages/server/src/entrypoints/server.ts"]);
