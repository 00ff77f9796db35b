import { setImmediate as nextTurn } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";

/** Rows of one transaction: a few milliseconds, in which nothing else runs. */
const step = 500;

interface WordTables {
  message_words_state: { id: number; done: number };
}

/** Carries the full-text index of SQLite forward to the messages that are there. See `search.schema.ts`. */
export class WordIndex {
  private readonly database: Database;
  /** Those who come while it is under way wait their turn, and then find little or nothing to do. */
  private last: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.database = database;
  }

  /** Takes in at most `rows` rows; with enough of them, everything that was committed before the call. */
  advance(rows: number): Promise<void> {
    const turn = this.last.then(() => this.take(rows));
    this.last = turn.catch(() => {});
    return turn;
  }

  private async take(rows: number): Promise<void> {
    for (let left = rows; left > 0; left -= step) {
      if (!(await this.takeStep())) return;
      await nextTurn();
    }
  }

  /** One transaction. Returns whether there may be more. */
  private async takeStep(): Promise<boolean> {
    const db = this.database.tables<WordTables>();
    const next = sql<{ done: number; until: number | null }>`
      select done, (select max("row") from
        (select "row" from messages where "row" > done order by "row" limit ${sql.lit(step)})) as until
      from message_words_state`;
    // Most of the time there is nothing to do: that is found out without a transaction.
    if (((await next.execute(db)).rows[0]?.until ?? null) === null) return false;
    return db.transaction().execute(async (tx) => {
      const { done = 0, until = null } = (await next.execute(tx)).rows[0] ?? {};
      if (until === null) return false;
      await sql`insert into message_words (rowid, body)
        select "row", body from messages where "row" > ${done} and "row" <= ${until} and deleted_at is null`.execute(
        tx,
      );
      await tx.updateTable("message_words_state").set({ done: until }).execute();
      return true;
    });
  }
}
