import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { ChatTables } from "../chat.tables.ts";
import { messageColumns } from "../messages/messages.append.sql.ts";
import { words } from "./search.schema.ts";
import type { SearchPage, SearchRequest, SearchStore, SearchTerms } from "./search.store.ts";
import { WordIndex } from "./word.index.sqlite.ts";

type Row = SearchPage["rows"][number] & { place: string | number };

/** Rows that are taken into the index of SQLite in one piece of maintenance. */
const rowsAtIdle = 2000;

/** SearchStore over FTS5 and tsvector. */
export function createSqlSearchStore(database: Database): SearchStore {
  const db = database.tables<ChatTables>();
  const search = database.engine === "sqlite" ? searchSqlite : searchPostgres;
  const index = database.engine === "sqlite" ? new WordIndex(database) : undefined;
  return {
    maintain: async () => index?.advance(rowsAtIdle),

    async search(request) {
      if (request.terms.terms.length === 0) return { rows: [], next: undefined };
      await index?.advance(Number.POSITIVE_INFINITY);
      const { rows: found } = await search(request).execute(db);
      const page = found.slice(0, request.limit);
      const last = page.at(-1);
      const rows = page.map(({ place: _place, ...row }) => row);
      return { rows, next: found.length > page.length && last !== undefined ? String(last.place) : undefined };
    },
  };
}

/** The index is walked from the newest message on, so that a page costs no more than it shows and skips. */
function searchSqlite(request: SearchRequest): RawBuilder<Row> {
  const before = request.cursor === undefined ? sql`` : sql`and f.rowid < ${rowCursor(request.cursor)}`;
  return sql<Row>`
    select ${columns}, f.rowid as place
    from message_words f join messages m on m."row" = f.rowid join rooms r on r.id = m.room_id
    where f.body match ${ftsQuery(request.terms)} ${before} and ${readable(request)}
    order by f.rowid desc limit ${request.limit + 1}`;
}

/**
 * Sorted by an expression on purpose: by the plain id the planner would walk all messages from the newest on, reading
 * the words of each, whenever it guesses that a word is frequent, and it cannot know how frequent a beginning is.
 */
function searchPostgres(request: SearchRequest): RawBuilder<Row> {
  const before = request.cursor === undefined ? sql`` : sql`and m.id < ${idCursor(request.cursor)}`;
  const query = sql`to_tsquery('simple'::regconfig, ${tsQuery(request.terms)})`;
  return sql<Row>`
    select ${columns}, m.id as place
    from messages m join rooms r on r.id = m.room_id
    where ${words(sql.ref("m.body"))} @@ ${query} ${before} and ${readable(request)}
    order by m.id || '' desc limit ${request.limit + 1}`;
}

const columns = sql.raw(
  messageColumns
    .map((name) => `m."${name}"`)
    .concat("r.name as room_name", "r.kind as room_kind")
    .join(", "),
);

/** What the one who asks may read: the rules of `entitlements` and `access.load`, as a condition of the query. */
function readable(request: SearchRequest): RawBuilder<boolean> {
  const { accountId, addressHash, now } = request;
  const open = request.guest
    ? sql`(r.kind = 'public' and r.guests <> 'none')`
    : sql`(r.kind = 'public' or exists (
        select 1 from members me where me.room_id = m.room_id and me.account_id = ${accountId}))`;
  const met = request.staff
    ? sql`(s.account_id = ${accountId} and s.address_hash is null)`
    : sql`((s.account_id = ${accountId} and s.address_hash is null) or s.address_hash = ${addressHash})`;
  const inRoom = request.roomId === undefined ? sql`` : sql`and m.room_id = ${request.roomId}`;
  const byAuthor = request.authorId === undefined ? sql`` : sql`and m.author_id = ${request.authorId}`;
  return sql<boolean>`m.deleted_at is null ${inRoom} ${byAuthor} and ${open} and not exists (
      select 1 from sanctions s where s.kind = 'ban' and s.lifted_at is null and ${met}
        and (s.until is null or s.until > ${now}) and (s.room_id is null or s.room_id = m.room_id))`;
}

/** Every word stands in quotes, and words hold letters, digits and marks only: nothing is left to be syntax. */
function ftsQuery({ terms, prefix }: SearchTerms): string {
  const quoted = terms.map((term) => `"${term.join(" ")}"`).join(" ");
  return prefix ? `${quoted}*` : quoted;
}

function tsQuery({ terms, prefix }: SearchTerms): string {
  const joined = terms.map((term) => term.map((word) => `'${word}'`).join(" <-> ")).join(" & ");
  return prefix ? `${joined}:*` : joined;
}

function rowCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw foreignCursor();
  return Number(cursor);
}

function idCursor(cursor: string): string {
  if (!/^[0-9a-f-]{36}$/.test(cursor)) throw foreignCursor();
  return cursor;
}

function foreignCursor(): AppError {
  return new AppError("request.invalid", "The cursor is not one of this search.");
}
