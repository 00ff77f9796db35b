import pg from "pg";

/** All that a Postgres keeps of one schema, looked at from outside: for searching. */
export interface PostgresContents {
  /**
   * Every value of every table, as `pg_dump` would write it; and where the tests may (as superuser, on the server's own
   * machine or not) the files of tables and indexes, with rows that are gone, and the write-ahead log since `watch`.
   */
  read(): Promise<Record<string, Buffer>>;
  /** Runs statements of an administrator. */
  administer(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Where `read` says what it found. */
export const postgresPlaces = ["tables", "files of tables", "write-ahead log"] as const;

/** Begins to watch the schema that `url` leads to. Throws when the user of `url` is no superuser. */
export async function watchPostgres(url: string): Promise<PostgresContents> {
  // Texts as Postgres writes them; bytes are what they are.
  const types = { getTypeParser: (oid: number) => (value: string) => (oid === bytea ? bytesOf(value) : value) };
  const client = new pg.Client({ connectionString: url, types });
  await client.connect();
  const rows = async (statement: string, values: unknown[] = []) =>
    (await client.query<Record<string, string | Buffer | null>>(statement, values)).rows;
  const texts = async (statement: string, values: unknown[] = []) =>
    (await rows(statement, values)).map((row) => String(Object.values(row)[0]));
  const file = async (path: string) =>
    (await rows("select pg_read_binary_file($1) as content", [path]))[0]?.["content"];

  if ((await texts("select current_setting('is_superuser')"))[0] !== "on") {
    await client.end();
    throw new Error("TEST_DATABASE_URL must be of a superuser: the files of Postgres are searched for secrets");
  }
  // Keeps the log from being reused meanwhile; gone with this connection.
  const slot = `foyer_${process.pid}_${Date.now().toString(36)}`;
  await rows("select pg_create_physical_replication_slot($1, true, true)", [slot]);
  const [since] = await texts("select pg_walfile_name(pg_current_wal_lsn())");

  async function tables(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (const table of await texts("select tablename from pg_tables where schemaname = current_schema() order by 1")) {
      parts.push(Buffer.from(`\n${table}\n`));
      for (const row of await rows(`select * from ${client.escapeIdentifier(table)}`)) {
        for (const value of Object.values(row)) parts.push(Buffer.from(value ?? ""), Buffer.from("\t"));
      }
    }
    return Buffer.concat(parts);
  }

  async function files(): Promise<Buffer> {
    const paths = await texts(`
      with own as (select oid, reltoastrelid from pg_class where relnamespace = current_schema()::regnamespace)
      select pg_relation_filepath(oid) from pg_class
      where relkind in ('r', 'i', 't') and (oid in (select oid from own) or oid in (select reltoastrelid from own)
        or oid in (select indexrelid from pg_index where indrelid in (select reltoastrelid from own)))`);
    return Buffer.concat(await inTurn(paths));
  }

  async function log(): Promise<Buffer> {
    const names = await texts(
      `select name from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name >= $1
       and name <= pg_walfile_name(pg_current_wal_lsn()) order by name`,
      [since],
    );
    return Buffer.concat(await inTurn(names.map((name) => `pg_wal/${name}`)));
  }

  async function inTurn(paths: readonly string[]): Promise<Buffer[]> {
    const contents: Buffer[] = [];
    for (const path of paths) contents.push(Buffer.from((await file(path)) ?? ""));
    return contents;
  }

  return {
    async read() {
      // What is in memory gets to the files.
      await rows("checkpoint");
      return { tables: await tables(), "files of tables": await files(), "write-ahead log": await log() };
    },
    administer: async (statement) => void (await client.query(statement)),
    close: () => client.end(),
  };
}

const bytea = 17;
const bytesOf = (text: string) => Buffer.from(text.replace(/^\\x/, ""), "hex");
