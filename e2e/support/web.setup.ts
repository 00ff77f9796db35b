import { ensureWeb } from "../../scripts/bootstrap/web.mjs";

/** For vitest's globalSetup: the pages that the browser gets are those of the sources as they are. */
export function setup(): void {
  ensureWeb();
}
