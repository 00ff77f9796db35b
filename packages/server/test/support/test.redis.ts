import { randomBytes } from "node:crypto";
import { createClient } from "redis";

/** The Redis that tests use: TEST_REDIS_URL, else the one on 127.0.0.1:6379. Undefined where none answers. */
export async function testRedis(): Promise<string | undefined> {
  const url = process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379";
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 3000 } });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.ping();
    return url;
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

/** A name under which nobody else uses that Redis. */
export const testCluster = () => `test-${randomBytes(8).toString("hex")}`;
