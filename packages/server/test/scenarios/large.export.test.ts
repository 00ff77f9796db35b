import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect, test } from "vitest";
import type { ChatTables } from "../../src/modules/chat/chat.tables.ts";
import { createSqlPersonalDataStore } from "../../src/modules/chat/personal/personal.data.store.sql.ts";
import { createPersonalData } from "../../src/modules/chat/personal/personal.data.ts";
import { createIds, systemClock } from "../../src/platform/clock/clock.ts";
import { fileResponse } from "../../src/transports/http/pipeline/file.answer.ts";
import { eachEngine } from "../support/engines.ts";

const count = 100_000;

eachEngine((engine, open) => {
  test("100,000 messages are given out with little memory, while the server does other things", async () => {
    const db = await open();
    const ids = createIds(systemClock);
    const tables = db.tables<ChatTables>();
    for (let at = 0; at < count; at += 500) {
      const rows = Array.from({ length: 500 }, (_, each) => ({
        ...{ id: ids.uuid(), room_id: "general", offset: at + each + 1, version: at + each + 1, author_id: "a" },
        ...{ body: `message ${at + each} ${"x".repeat(200)}`, mentions_room: 0, created_at: at + each },
      }));
      await tables.insertInto("messages").values(rows).execute();
    }
    const personal = createPersonalData({
      store: createSqlPersonalDataStore(db),
      commit: () => Promise.reject(new Error("nothing is written here")),
      depart: async () => {},
      clock: systemClock,
      ids,
    });
    async function* lines() {
      for await (const record of personal.export("a")) yield `${JSON.stringify(record)}\n`;
    }
    const delay = monitorEventLoopDelay({ resolution: 5 });
    global.gc?.();
    const before = process.memoryUsage().rss;
    let most = 0;
    let found = 0;
    let bytes = 0;
    delay.enable();
    const began = performance.now();
    for await (const chunk of fileResponse("application/x-ndjson", { name: "x", text: lines() }).body ?? []) {
      bytes += chunk.byteLength;
      for (const byte of chunk) if (byte === 10) found += 1;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    delay.disable();
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(
      `${engine}: ${found} messages, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s, ${(most / 1e6).toFixed(0)} MB more memory at most, loop held up ${(delay.max / 1e6).toFixed(0)} ms at most\n`,
    );
    expect(found).toBe(count);
    // A bound for a machine that others use, too: handing all of it out in one go would hold everybody up for longer.
    expect(delay.max).toBeLessThan(1500e6);
    // All of it at once would be more than twice this.
    expect(most).toBeLessThan(150e6);
  });
});
