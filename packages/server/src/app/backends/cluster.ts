import { createHmac } from "node:crypto";
import { createRedisBus } from "../../platform/bus/bus.redis.ts";
import type { Ids } from "../../platform/clock/clock.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { lockNode, type NodeLock } from "../../platform/db/node.lock.ts";
import { OperatorError } from "../../platform/errors/operator.error.ts";
import { createRedisLimiter } from "../../platform/limits/limiter.redis.ts";
import { createMemoryLimiter } from "../../platform/limits/memory.limiter.ts";
import { schemaSteps } from "../schema.ts";
import { type Backend, type BackendDeps, databaseHealth, explained, openDatabaseOrExplain } from "./embedded.ts";

/**
 * One of several nodes: Postgres for what lasts, Redis for what the nodes tell each other and for shared rate limits.
 * All nodes need the same `JWT_SECRET` and the same key of the vault.
 */
export async function openCluster(deps: BackendDeps & { redisUrl: string; ids: Ids }): Promise<Backend> {
  const { config, log, clock, ids, lifecycle, lost, redisUrl } = deps;
  let lock: NodeLock | undefined;
  await lifecycle.start({
    name: "database lock",
    async start() {
      lock = await explained(config, () => lockNode(config.databaseUrl, { log, lost, mode: "shared" }));
    },
    stop: () => lock?.release(),
  });
  const db = openDatabaseOrExplain(config, log);
  await lifecycle.start({ name: "database", stop: () => db.close() });
  await migrate(db, schemaSteps, { log, clock });

  // Nodes with another secret could not read each other's sessions, and must not hear each other either.
  const cluster = createHmac("sha256", config.jwtSecret).update("foyer.cluster").digest("hex").slice(0, 16);
  const redis = { url: redisUrl, cluster, log: log.child({ component: "redis" }) };
  const nodeId = ids.uuid();
  const bus = await reached(() => createRedisBus({ ...redis, nodeId }));
  await lifecycle.start({ name: "bus", stop: () => bus.close() });
  const limiter = await reached(() => createRedisLimiter({ ...redis, fallback: createMemoryLimiter(clock) }));
  await lifecycle.start({ name: "limits", stop: () => limiter.close() });
  return { name: "cluster", db, bus, limiter, nodeId, health: () => databaseHealth(db, log) };
}

async function reached<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const reason = error instanceof Error && error.message !== "" ? error.message : "it does not answer";
    throw new OperatorError(`Redis (REDIS_URL) cannot be reached: ${reason}.`);
  }
}
