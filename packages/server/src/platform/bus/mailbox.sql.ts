import type { Logger } from "pino";
import type { Ids } from "../clock/clock.ts";
import type { Database } from "../db/database.ts";
import type { Bus } from "./bus.ts";
import type { MailboxTables } from "./mailbox.schema.ts";
import { createMemoryBus } from "./memory.bus.ts";

/**
 * The bus of a command beside the server: what it publishes is also left in the database, where the server that runs,
 * or is started next, finds it. `close` waits until all of it is there and throws when it could not be left.
 */
export function createMailboxBus({ db, ids, log }: { db: Database; ids: Ids; log: Logger }): Bus {
  const own = createMemoryBus({ log });
  let written: Promise<unknown> = Promise.resolve();
  return {
    publish(topic, payload) {
      own.publish(topic, payload);
      const mail = { id: ids.uuid(), topic, payload };
      written = written.then(() => db.tables<MailboxTables>().insertInto("bus_mail").values(mail).execute());
      // Thrown by `close`; until then a failure is no unhandled one.
      written.catch(() => undefined);
    },
    subscribe: (topic, handler) => own.subscribe(topic, handler),
    async close() {
      await own.close();
      await written;
    },
  };
}

/** How many messages are taken at once. */
const handful = 500;

/** Publishes what commands have left, in its order. A crash in the middle publishes some of it again. */
export async function deliverMail({ db, bus }: { db: Database; bus: Bus }): Promise<void> {
  const tables = db.tables<MailboxTables>();
  const waiting = await tables.selectFrom("bus_mail").selectAll().orderBy("id").limit(handful).execute();
  if (waiting.length === 0) return;
  for (const { topic, payload } of waiting) bus.publish(topic, payload);
  const taken = waiting.map(({ id }) => id);
  await tables.deleteFrom("bus_mail").where("id", "in", taken).execute();
}
