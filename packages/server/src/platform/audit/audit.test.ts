import { expect, test } from "vitest";
import { eachEngine } from "../../../test/support/engines.ts";
import { createIds } from "../clock/clock.ts";
import { createAudit } from "./audit.sql.ts";

eachEngine((_engine, open) => {
  async function setUp() {
    let now = 1_800_000_000_000;
    const clock = { now: () => now++ };
    return createAudit({ db: await open(), clock, ids: createIds(clock) });
  }

  test("entries come back newest first, page by page, each once", async () => {
    const audit = await setUp();
    for (let i = 0; i < 25; i++) {
      await audit.record({
        actorId: "a",
        action: "member.banned",
        subject: { kind: "account", id: `s${i}` },
        details: { days: i },
      });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await audit.list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.entries.map((entry) => entry.subject.id));
      cursor = page.next;
      pages += 1;
      // What is added while somebody reads on does not move the pages.
      await audit.record({ actorId: null, action: "server.started", subject: { kind: "server", id: "later" } });
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `s${24 - i}`));
    expect(pages).toBe(3);
  });

  test("filters by action and by actor, and gives back what was recorded", async () => {
    const audit = await setUp();
    await audit.record({
      actorId: "a",
      action: "room.deleted",
      subject: { kind: "room", id: "r" },
      details: { kept: false, note: null },
    });
    await audit.record({ actorId: "b", action: "room.deleted", subject: { kind: "room", id: "q" } });
    await audit.record({ actorId: "a", action: "member.muted", subject: { kind: "account", id: "c" } });
    const { entries, next } = await audit.list({ action: "room.deleted", actor: "a", limit: 10 });
    expect(next).toBeUndefined();
    expect(entries).toMatchObject([
      {
        actorId: "a",
        action: "room.deleted",
        subject: { kind: "room", id: "r" },
        details: { kept: false, note: null },
      },
    ]);
    expect(entries[0]?.at).toBeTypeOf("number");
    expect((await audit.list({ actor: "a", limit: 10 })).entries).toHaveLength(2);
  });
});
