import { ensureWeb } from "../bootstrap/web.mjs";
import { failures, passed, runNode, type Step } from "./step.ts";

/** Builds the pages as `npm start` does, and measures what a browser must load before anything shows. */
export const bundle: Step = {
  name: "size of the first load",
  async run() {
    ensureWeb();
    const { status, output } = await runNode(["packages/web/bundle.check.ts"]);
    return status === 0 ? passed() : failures([output.trim()]);
  },
};
