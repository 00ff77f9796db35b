import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServerProcess } from "../support/server.process.ts";

const repository = join(import.meta.dirname, "../../../..");

test("what npm start runs serves the pages, honours PORT, HOST and DATA_DIR, and hands SIGTERM and the exit code on", async () => {
  const server = await startServerProcess({ command: [join(repository, "scripts/start.mjs")], cwd: repository });
  try {
    const page = await fetch(server.origin, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain('<div id="root"');
    expect(existsSync(join(server.dataDir, "foyer.db"))).toBe(true);
    expect(await server.stop()).toBe(0);
    await expect(fetch(server.origin)).rejects.toThrow("fetch failed");
  } finally {
    await server.dispose();
  }
});

test("a setting that is wrong stops the start with one line, and its exit code comes through", async () => {
  const env = { GUESTS: "everybody" };
  const started = startServerProcess({ command: [join(repository, "scripts/start.mjs")], cwd: repository, env });
  await expect(started).rejects.toThrow(/foyer: GUESTS must be none, read or write; "everybody" is not\.\s*$/);
});
