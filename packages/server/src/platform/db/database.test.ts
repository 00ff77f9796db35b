import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { eachEngine, temporaryFolder, testPlace } from "../../../test/support/engines.ts";
import { silentLogger } from "../logs/logger.ts";
import type { Database, SchemaStep } from "./database.ts";
import { FolderInUseError, lockFolder } from "./folder.lock.ts";
import { migrate, schemaState } from "./migrate.ts";
import { openDatabase } from "./open.database.ts";

const log = silentLogger();

interface Tables {
  things: { id: string; size: number; note?: string | null };
}

const things: SchemaStep = {
  name: "0001_things",
  async up(db) {
    await db.schema
      .createTable("things")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("size", "bigint", (c) => c.notNull())
      .execute();
  },
};
const notes: SchemaStep = {
  name: "0002_notes",
  async up(db) {
    await db.schema.alterTable("things").addColumn("note", "text").execute();
  },
};

eachEngine((engine, open) => {
  test("numbers come back as numbers, and a failed transaction leaves nothing", async () => {
    const db = (await open([things, notes])).tables<Tables>();
    await db.insertInto("things").values({ id: "a", size: 1_800_000_000_000, note: null }).execute();
    await expect(
      db.transaction().execute(async (tx) => {
        await tx.insertInto("things").values({ id: "b", size: 2, note: null }).execute();
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await db.selectFrom("things").selectAll().execute()).toEqual([
      { id: "a", size: 1_800_000_000_000, note: null },
    ]);
    const { total } = await db
      .selectFrom("things")
      .select((e) => e.fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow();
    expect(total).toBe(1);
  });

  test("transactions that read and then write lose no update", async () => {
    const db = (await open([things, notes])).tables<Tables>();
    await db.insertInto("things").values({ id: "a", size: 0, note: null }).execute();
    await Promise.all(
      Array.from({ length: 50 }, () =>
        db.transaction().execute(async (tx) => {
          const row = await sql<{ size: number }>`
            select size from things where id = 'a' ${sql.raw(engine === "postgres" ? "for update" : "")}`.execute(tx);
          await tx
            .updateTable("things")
            .set({ size: (row.rows[0]?.size ?? 0) + 1 })
            .execute();
        }),
      ),
    );
    expect(await db.selectFrom("things").select("size").executeTakeFirst()).toEqual({ size: 50 });
  });

  test("more different statements than are kept still give right answers", async () => {
    const db = (await open([things, notes])).tables<Tables>();
    await db.insertInto("things").values({ id: "a", size: 7, note: null }).execute();
    for (let i = 0; i < 900; i++) {
      const { rows } = await sql<{ n: number }>`select size + ${sql.lit(i)} as n from things`.execute(db);
      expect(rows[0]?.n).toBe(7 + i);
    }
  });

  test("an empty database has nothing applied, and looking makes nothing", async () => {
    const place = await testPlace(engine);
    const database = openDatabase(place.url, { log });
    const untouched = { applied: [], missing: ["0001_things"], unknown: [] };
    expect(await schemaState(database, [things])).toEqual(untouched);
    expect(await schemaState(database, [things])).toEqual(untouched);
    await database.close();
    await place.drop();
  });

  test("an upgrade keeps the rows, runs each step once, and is recorded", async () => {
    const database = await open([things]);
    await database.tables<Tables>().insertInto("things").values({ id: "a", size: 1 }).execute();
    expect(await schemaState(database, [things, notes])).toEqual({
      applied: ["0001_things"],
      missing: ["0002_notes"],
      unknown: [],
    });
    expect(await migrate(database, [things, notes], { log })).toEqual(["0002_notes"]);
    expect(await migrate(database, [things, notes], { log })).toEqual([]);
    expect(await database.tables<Tables>().selectFrom("things").selectAll().execute()).toEqual([
      { id: "a", size: 1, note: null },
    ]);
  });

  test("a step that fails leaves the database as it was before it", async () => {
    const database = await open([things]);
    const broken: SchemaStep = {
      name: "0002_broken",
      async up(db) {
        await notes.up(db, engine);
        throw new Error("out of luck");
      },
    };
    await expect(migrate(database, [things, broken], { log })).rejects.toThrow("out of luck");
    expect(await migrate(database, [things, notes], { log })).toEqual(["0002_notes"]);
  });

  test("refuses a database of a newer version, and a step that comes too late", async () => {
    const database = await open([things, notes]);
    await expect(migrate(database, [things], { log })).rejects.toThrow(/made by a newer Foyer .*0002_notes/);
    const late: SchemaStep = { name: "0000_late", up: async () => {} };
    await expect(migrate(database, [late, things, notes], { log })).rejects.toThrow(/0000_late is missing/);
    await expect(migrate(database, [notes, things], { log })).rejects.toThrow(/sorted/);
  });
});

test("several Postgres nodes that start at once apply each step once", async () => {
  const place = await testPlace("postgres");
  const all: Database[] = Array.from({ length: 4 }, () => openDatabase(place.url, { log }));
  const done = await Promise.all(all.map((database) => migrate(database, [things, notes], { log })));
  expect(done.flat().sort()).toEqual(["0001_things", "0002_notes"]);
  for (const database of all) await database.close();
  await place.drop();
});

test("several processes that open one file at once apply each step once", async () => {
  const modules = ["open.database", "migrate", "../logs/logger", "../audit/audit.schema"];
  const [opener, migrator, logger, schema] = modules.map((name) =>
    JSON.stringify(new URL(`./${name}.ts`, import.meta.url).href),
  );
  const script = `
    const { openDatabase } = await import(${opener}); const { migrate } = await import(${migrator});
    const { silentLogger } = await import(${logger}); const { auditSchema } = await import(${schema});
    const log = silentLogger();
    const database = openDatabase(${JSON.stringify(`file:${join(temporaryFolder(), "x.db")}`)}, { log });
    console.log((await migrate(database, [auditSchema], { log })).join());
    await database.close();`;
  const outputs = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      child.stdout.on("data", (chunk) => (text += chunk));
      expect(await once(child, "exit")).toEqual([0, null]);
      return text.trim();
    }),
  );
  expect(outputs.sort()).toEqual(["", "", "0000_audit"]);
});

describe("a file", () => {
  test("is on disk after the commit, in the write-ahead log, with full synchronisation", async () => {
    const url = `file:${join(temporaryFolder(), "deep", "x.db")}`;
    const database = openDatabase(url, { log });
    await migrate(database, [things], { log });
    const read = async (name: string) =>
      Object.values(
        (await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database.tables())).rows[0] ?? {},
      )[0];
    expect(await read("journal_mode")).toBe("wal");
    expect(await read("synchronous")).toBe(2);
    expect(await read("foreign_keys")).toBe(1);
    expect(await read("busy_timeout")).toBe(5000);
    await database.tables<Tables>().insertInto("things").values({ id: "a", size: 1 }).execute();
    const other = openDatabase(url, { log });
    expect(await other.tables<Tables>().selectFrom("things").select("id").execute()).toEqual([{ id: "a" }]);
    await other.close();
    await database.close();
    await database.close();
  });
});

describe("the lock of the data folder", () => {
  test("holds off a second server, and is free after release", () => {
    const folder = temporaryFolder();
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(FolderInUseError);
    lock.release();
    lockFolder(folder).release();
  });

  test("is freed by the operating system when the process is killed", async () => {
    const folder = temporaryFolder();
    const script = `import { lockFolder } from ${JSON.stringify(new URL("./folder.lock.ts", import.meta.url).href)};
      lockFolder(${JSON.stringify(folder)}); console.log("held"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(() => lockFolder(folder)).toThrow(/Another Foyer server is running on the data folder/);
    child.kill("SIGKILL");
    await once(child, "exit");
    lockFolder(folder).release();
  });
});
