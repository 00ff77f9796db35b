import { expect, test } from "vitest";
import { eachEngine } from "../../../test/support/engines.ts";
import { createIds, systemClock } from "../clock/clock.ts";
import { silentLogger } from "../logs/logger.ts";
import { mailboxSchema } from "./mailbox.schema.ts";
import { createMailboxBus, deliverMail } from "./mailbox.sql.ts";
import { createMemoryBus } from "./memory.bus.ts";

const log = silentLogger();

eachEngine((_engine, open) => {
  test("what a command publishes reaches the server once, in order, and the command itself at once", async () => {
    const db = await open([mailboxSchema]);
    const command = createMailboxBus({ db, ids: createIds(systemClock), log });
    const here: string[] = [];
    command.subscribe("a", (payload) => here.push(payload));
    for (let index = 0; index < 600; index++) command.publish("a", String(index));
    expect(here).toHaveLength(600);
    await command.close();

    const server = createMemoryBus({ log });
    const there: string[] = [];
    server.subscribe("a", (payload) => there.push(payload));
    for (let turn = 0; turn < 3; turn++) await deliverMail({ db, bus: server });
    expect(there).toEqual(here);
  });
});
