import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Engine, SchemaStep } from "../../../platform/db/database.ts";

/**
 * Signs that end a word. Postgres' own reading of a text keeps addresses, paths and numbers with signs together, so
 * that "foyer.example" would not be found by "example"; SQLite parts words at every such sign, and so does this.
 */
const signs = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u00a0¡¿«»–—‘’“”„…·•。，、！？：；（）「」";

/** Postgres' search vector of a text: an immutable expression, fit for an index. */
export function words(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`to_tsvector('simple'::regconfig, translate(${text}, ${sql.lit(signs)}, ${sql.lit(" ".repeat(signs.length))}))`;
}

/**
 * SQLite: an FTS5 index over the text of messages. It holds no copy of the text, so that an entry is taken out by
 * telling the text that was put in. Deleted messages are not in it.
 *
 * New messages are not put in as they are written: many at once cost a small part of what one at a time costs, and no
 * sender should wait for it. `done` says up to which row the index goes; the search store carries it forward before it
 * searches. What is changed or deleted below that is corrected here, in the same transaction.
 */
async function upSqlite(db: Kysely<never>): Promise<void> {
  await sql`create virtual table message_words using fts5(
    body, content='messages', content_rowid='row', columnsize=0, tokenize='unicode61 remove_diacritics 2')`.execute(db);
  await sql`create table message_words_state (id integer primary key check (id = 1), done integer not null)`.execute(
    db,
  );
  await sql`insert into message_words_state (id, done) values (1, 0)`.execute(db);
  // The numbers of the last rows are given out again once those are deleted, indexed or not: `done` goes back with them.
  await sql`create trigger messages_words_removed after delete on messages begin
      insert into message_words (message_words, rowid, body)
        select 'delete', old."row", old.body
        where old.deleted_at is null and old."row" <= (select done from message_words_state);
      update message_words_state set done = min(done, (select coalesce(max("row"), 0) from messages));
    end`.execute(db);
  await sql`create trigger messages_words_changed after update of body, deleted_at on messages
    when (old.body <> new.body or (old.deleted_at is null) <> (new.deleted_at is null))
      and old."row" <= (select done from message_words_state) begin
      insert into message_words (message_words, rowid, body)
        select 'delete', old."row", old.body where old.deleted_at is null;
      insert into message_words (rowid, body) select new."row", new.body where new.deleted_at is null;
    end`.execute(db);
}

/** Postgres: an index over the words of messages that are not deleted. The words are worked out from the row itself. */
async function upPostgres(db: Kysely<never>): Promise<void> {
  await sql`create index messages_words on messages using gin (${words(sql.ref("body"))}) where deleted_at is null`.execute(
    db,
  );
}

/** Full-text search of messages. */
export const searchSchema: SchemaStep = {
  name: "0003_search",
  up: (db: Kysely<never>, engine: Engine) => (engine === "sqlite" ? upSqlite(db) : upPostgres(db)),
};
