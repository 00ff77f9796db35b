import { join } from "node:path";

/** Where a release has the files that it serves: beside the program. Takes the place of the server's own app.assets.ts. */
export const webRoot: string | undefined = join(import.meta.dirname, "web");
export const docsRoot: string | undefined = join(import.meta.dirname, "docs");
