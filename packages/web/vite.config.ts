import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { emojiData } from "./build/emoji.plugin.ts";
import { precompress } from "./build/precompress.plugin.ts";

const server = process.env["FOYER_URL"] ?? "http://127.0.0.1:3000";

/** Builds the web app into `dist`; in development it serves on 5173 and passes the API and the socket on to FOYER_URL. */
export default defineConfig({
  plugins: [react(), emojiData(), precompress()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2024",
    chunkSizeWarningLimit: 600,
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": { target: server },
      "/auth": { target: server },
      "/ws": { target: server, ws: true },
    },
  },
});
