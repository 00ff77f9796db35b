import { type Selectable, sql, type Transaction } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { Settlement } from "../../../platform/outbox/outbox.port.ts";
import type { HearingTables } from "./hearing.tables.ts";
import type { InboxJob, InboxResult, InboxStore } from "./inbox.store.ts";
import type { Heard } from "./twitch.port.ts";

const SOURCE = "twitch";

/** The inbox in SQLite or Postgres. */
export function createInboxStore(database: Database): InboxStore {
  const db = database.tables<HearingTables>();
  return {
    async add({ messageId, twitchId, sentAt, heard }, now) {
      const { type, ...said } = heard;
      const added = await db
        .insertInto("inbox")
        .values({
          source: SOURCE,
          message_id: messageId,
          type,
          twitch_id: twitchId,
          payload: JSON.stringify(said),
          event_at: sentAt,
          received_at: now,
          state: "waiting",
          attempts: 0,
          due_at: now,
          lease_until: 0,
          fence: 0,
        })
        .onConflict((conflict) => conflict.columns(["source", "message_id"]).doNothing())
        .executeTakeFirst();
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    claim: ({ now, leaseUntil, limit }) =>
      db.transaction().execute(async (tx) => {
        let due = tx
          .selectFrom("inbox")
          .select("message_id")
          .where("source", "=", SOURCE)
          .where("state", "=", "waiting")
          .where("due_at", "<=", now)
          .where("lease_until", "<=", now)
          .orderBy("due_at")
          .limit(limit);
        if (database.engine === "postgres") due = due.forUpdate().skipLocked();
        const keys = (await due.execute()).map((row) => row.message_id);
        if (keys.length === 0) return [];
        const rows = await tx
          .updateTable("inbox")
          .set({ lease_until: leaseUntil, fence: sql`fence + 1` })
          .where("source", "=", SOURCE)
          .where("message_id", "in", keys)
          .returningAll()
          .execute();
        return rows.toSorted((a, b) => a.due_at - b.due_at).map(jobOf);
      }),

    settle: (settlements) =>
      db.transaction().execute(async (tx) => {
        const held: boolean[] = [];
        for (const settlement of settlements) held.push(await settle(tx, settlement));
        return held;
      }),

    async countDue(now) {
      const row = await db
        .selectFrom("inbox")
        .select((eb) => eb.fn.countAll<number>().as("total"))
        .where("state", "=", "waiting")
        .where("due_at", "<=", now)
        .executeTakeFirstOrThrow();
      return Number(row.total);
    },

    async sweep(before) {
      await db.deleteFrom("inbox").where("received_at", "<", before).where("state", "!=", "waiting").execute();
    },
  };
}

async function settle(
  tx: Transaction<HearingTables>,
  { job, kind, dueAt }: Settlement<InboxJob, InboxResult>,
): Promise<boolean> {
  const done = await tx
    .updateTable("inbox")
    .set(
      kind === "again"
        ? { lease_until: 0, attempts: job.tries + 1, due_at: dueAt ?? 0 }
        : { lease_until: 0, state: kind },
    )
    .where("source", "=", SOURCE)
    .where("message_id", "=", job.messageId)
    .where("state", "=", "waiting")
    .where("fence", "=", job.fence)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

function jobOf(row: Selectable<HearingTables["inbox"]>): InboxJob {
  return {
    key: row.message_id,
    fence: row.fence,
    leaseUntil: row.lease_until,
    tries: row.attempts,
    messageId: row.message_id,
    twitchId: row.twitch_id,
    // Written by this store alone.
    heard: { type: row.type, ...(JSON.parse(row.payload) as object) } as Heard,
    eventAt: row.event_at,
    heardAt: row.received_at,
  };
}
