import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeApp, type Overrides } from "../../src/app/compose.ts";
import { loadConfig } from "../../src/platform/config/config.ts";
import type { Engine } from "../../src/platform/db/database.ts";
import { silentLogger } from "../../src/platform/logs/logger.ts";
import { testPlace } from "./engines.ts";

/** How a server in this process is started. `env` is what an operator would set. */
export interface TestServerOptions extends Overrides {
  engine?: Engine;
  env?: Record<string, string>;
}

/** A whole server with real HTTP and WebSocket on a random port of this machine. */
export interface TestServer {
  /** `http://localhost:<port>`: an allowed origin, too. */
  url: string;
  port: number;
  dataDir: string;
  /** Drains and ends it, and removes its data. Returns whether all ended well. */
  stop(): Promise<boolean>;
}

/**
 * Starts the composed app in this process on an empty database: SQLite in memory, or a schema of the test Postgres.
 * Always call `stop`. For crashes and restarts see server.process.ts.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { engine = "sqlite", env = {}, ...overrides } = options;
  const dataDir = mkdtempSync(join(tmpdir(), "foyer-server-"));
  const place = await testPlace(engine);
  const databaseUrl = engine === "sqlite" ? "file::memory:" : place.url;
  const config = loadConfig({
    HOST: "127.0.0.1",
    PORT: "0",
    NODE_ENV: "test",
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    JWT_SECRET: "only for tests: 0123456789abcdef0123456789abcdef",
    ...env,
  });
  const app = composeApp(config, { log: silentLogger(), processMetrics: false, ...overrides });
  const { url, port } = await app.start();
  return {
    url,
    port,
    dataDir,
    async stop() {
      const well = await app.stop();
      await place.drop();
      rmSync(dataDir, { recursive: true, force: true });
      return well;
    },
  };
}
