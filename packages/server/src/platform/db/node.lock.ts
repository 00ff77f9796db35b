import pg from "pg";
import type { Logger } from "pino";
import { OperatorError } from "../errors/operator.error.ts";

/** Another server works on the same Postgres schema. `message` is one line for the operator. */
export class DatabaseInUseError extends OperatorError {
  constructor() {
    super(
      "Another Foyer server is using this Postgres database: several servers on one need REDIS_URL, the same for each. Set it, or stop the other one first.",
    );
    this.name = "DatabaseInUseError";
  }
}

/** A held database. */
export interface NodeLock {
  release(): Promise<void>;
}

const key = "hashtextextended('foyer.node.' || current_schema(), 0)";
const questions = {
  alone: `select pg_try_advisory_lock(${key}) as held`,
  shared: `select pg_try_advisory_lock_shared(${key}) as held`,
};

/**
 * Keeps a second server off a Postgres database while there is no bus between nodes: each would miss what the other
 * publishes. Nodes that have one hold it `shared`, which lets them in beside each other. The lock belongs to a connection, so that it ends with the process. Waits up to `patienceMs` for one that
 * is just ending; then throws DatabaseInUseError. When the connection breaks the lock is taken again; when somebody
 * else was faster, `lost` is called.
 */
export async function lockNode(
  url: string,
  {
    log,
    lost,
    patienceMs = 5000,
    mode = "alone",
  }: { log: Logger; lost: () => void; patienceMs?: number; mode?: keyof typeof questions },
): Promise<NodeLock> {
  let released = false;
  let client: pg.Client;

  async function take(patience: number): Promise<boolean> {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
    const mine = client;
    mine.on("error", (error) => {
      if (released || mine !== client) return;
      log.warn({ err: error }, "the connection that holds the database was lost");
      again(mine).catch((reason: unknown) => log.error({ err: reason }, "could not take the database again"));
    });
    await mine.connect();
    for (let waited = 0; ; waited += 250) {
      const { rows } = await mine.query<{ held: boolean }>(questions[mode]);
      if (rows[0]?.held) return true;
      if (waited >= patience) break;
      await pause(250);
    }
    await mine.end();
    return false;
  }

  async function again(broken: pg.Client): Promise<void> {
    await broken.end().catch(() => {});
    while (!released) {
      await pause(1000);
      try {
        if (released || (await take(2000))) return;
        released = true;
        lost();
      } catch (error) {
        log.warn({ err: error }, "Postgres cannot be reached");
      }
    }
  }

  if (!(await take(patienceMs))) throw new DatabaseInUseError();
  return {
    async release() {
      released = true;
      await client.end().catch(() => {});
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
