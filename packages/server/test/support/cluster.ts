import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testPlace } from "./engines.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "./server.process.ts";
import { testRedis } from "./test.redis.ts";

/** Several nodes in processes of their own, on one Postgres and one Redis. */
export interface TestCluster {
  readonly nodes: readonly ServerProcess[];
  readonly databaseUrl: string;
  /** Starts one more node beside them. */
  add(): Promise<ServerProcess>;
  dispose(): Promise<void>;
}

/** The address of Redis for tests; throws where none answers, so that nothing passes by not being run. */
export async function redisForTests(): Promise<string> {
  const url = await testRedis();
  if (url === undefined) throw new Error("There is no Redis at TEST_REDIS_URL or 127.0.0.1:6379.");
  return url;
}

/** Starts `count` nodes that share database, Redis, secrets and limits. `env` is what all of them get besides. */
export async function startCluster(count: number, env: Record<string, string> = {}): Promise<TestCluster> {
  const redis = await redisForTests();
  const place = await testPlace("postgres");
  const dataDir = mkdtempSync(join(tmpdir(), "foyer-cluster-"));
  const nodes: ServerProcess[] = [];
  const settings = {
    ...withoutLimits,
    DATABASE_URL: place.url,
    REDIS_URL: redis,
    // What the nodes have in common lies in one folder, as on a volume that all of them see.
    DATA_DIR: dataDir,
    ...env,
  };
  const cluster: TestCluster = {
    nodes,
    databaseUrl: place.url,
    async add() {
      const node = await startServerProcess({ env: settings });
      nodes.push(node);
      return node;
    },
    async dispose() {
      for (const node of nodes) await node.dispose();
      await place.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    for (let at = 0; at < count; at += 1) await cluster.add();
  } catch (error) {
    await cluster.dispose();
    throw error;
  }
  return cluster;
}
