import { join } from "node:path";
import { expect, test } from "vitest";
import { eachEngine, temporaryFolder, testPlace } from "../../test/support/engines.ts";
import { callEndpoint, registerPerson } from "../../test/support/people.ts";
import { startTestServer } from "../../test/support/test.server.ts";
import type { ChatTables } from "../modules/chat/chat.tables.ts";
import { createIds, systemClock } from "../platform/clock/clock.ts";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open.database.ts";
import { silentLogger } from "../platform/logs/logger.ts";
import { schemaSteps } from "./schema.ts";

const log = silentLogger();
const ids = createIds(systemClock);

eachEngine((engine) => {
  test("a database from before search is upgraded at the start, with what is in it", async () => {
    const place = await testPlace(engine);
    const url = engine === "sqlite" ? `file:${join(temporaryFolder(), "old.db")}` : place.url;
    const old = openDatabase(url, { log });
    const before = schemaSteps.slice(0, 3);
    await migrate(old, before, { log });
    await old
      .tables<ChatTables>()
      .insertInto("rooms")
      .values({
        id: "general",
        kind: "public",
        name: "general",
        topic: "kept",
        slow_mode_seconds: 0,
        guests: "none",
        created_at: 1,
        epoch: "epoch",
        head_offset: 1,
      })
      .execute();
    await old
      .tables<ChatTables>()
      .insertInto("messages")
      .values({
        id: ids.uuid(),
        room_id: "general",
        offset: 1,
        version: 1,
        author_id: ids.uuid(),
        body: "written long before the upgrade",
        mentions_room: 0,
        created_at: 1,
      })
      .execute();
    await old.close();

    const server = await startTestServer({ engine, env: { DATABASE_URL: url } });
    const ada = await registerPerson(server.url, "ada");
    const page = await ada.call("listMessages", ["general"]);
    expect(page.body).toMatchObject({ messages: [{ message: "written long before the upgrade", offset: 1 }] });
    const room = await ada.call("getRoom", ["general"]);
    expect(room.body).toMatchObject({ topic: "kept" });
    const found = await callEndpoint(server.url, "search", { token: ada.token, query: "?q=upgrade" });
    expect(found.body).toMatchObject({ items: [{ message: { message: "written long before the upgrade" } }] });
    await server.stop();
    await place.drop();
  });
});
