import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

/** Files of emojibase-data that the picker and the shortcode completion fetch, by the address they are served at. */
const files: Record<string, string> = {
  "assets/emoji/en/data.json": "emojibase-data/en/data.json",
  "assets/emoji/en/messages.json": "emojibase-data/en/messages.json",
  "assets/emoji/en/shortcodes.json": "emojibase-data/en/shortcodes/github.json",
};

/** Serves emoji data from this origin: emitted into the build, answered from the package in development. */
export function emojiData(): Plugin {
  return {
    name: "foyer:emoji-data",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const source = files[(request.url ?? "").split("?")[0]?.slice(1) ?? ""];
        if (source === undefined) return next();
        response.setHeader("content-type", "application/json");
        void readFile(require.resolve(source)).then((data) => response.end(data), next);
      });
    },
    async generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source: await readFile(require.resolve(source)) });
      }
    },
  };
}
