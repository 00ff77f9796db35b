import { sql, type Transaction } from "kysely";
import type { Engine } from "../../../platform/db/database.ts";
import { defaultChoices } from "../alerts.defaults.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { AlertRules } from "../streams/streams.store.ts";
import { betweenEditsMs, giveUpAt, uselessAfterMs } from "./delivery.times.ts";

type Tx = Transaction<AlertsTables>;

/**
 * Tells deliveries of a stream that there is more to show. One that waits for its post and that nobody holds needs no
 * telling: whoever takes it reads the stream as it is then. Each returns whether it found any that is to be woken for.
 */
export interface MoreToShow {
  /** At once: the stream ended, goes on, or is known better. */
  raise(tx: Tx, streamId: string, rules: AlertRules): Promise<boolean>;
  /** Not too often and not too soon after one another: title or game changed. */
  retitle(tx: Tx, streamId: string, rules: AlertRules): Promise<boolean>;
  /** Sets until when posts that wait are worth making. `endedAt`: null for a stream that goes on. */
  limit(tx: Tx, streamId: string, endedAt: number | null, rules: AlertRules): Promise<void>;
}

/** More to show, over an engine. */
export function createMoreToShow(engine: Engine): MoreToShow {
  /**
   * In one order, the same as for whoever writes down results, so that no two transactions wait for each other. Also
   * those that nobody seems to hold: a claim that is not committed yet is waited for, and then seen.
   */
  async function hold(tx: Tx, streamId: string): Promise<void> {
    if (engine === "sqlite") return;
    const rows = tx.selectFrom("deliveries").select("delivery_id").where("stream_id", "=", streamId);
    await rows.orderBy("delivery_id").forUpdate().execute();
  }

  return {
    async raise(tx, streamId, { now, editable }) {
      await hold(tx, streamId);
      const { numUpdatedRows } = await tx
        .updateTable("deliveries")
        .set({
          wanted: sql`wanted + 1`,
          // A receiver that asked for patience gets it.
          due_at: sql`case when tries > 0 and due_at is not null then due_at else ${now} end`,
        })
        .where("stream_id", "=", streamId)
        .where("kind", "in", [...editable])
        .where((eb) => eb.or([eb("state", "=", "sent"), eb("lease_until", ">", now)]))
        .where((eb) => eb.or([eb("stage", "is", null), eb("stage", "!=", "deleted")]))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async retitle(tx, streamId, { now, editable }) {
      await hold(tx, streamId);
      // Goes with the change that waits already. It counts as another all the same: that one may have been tried.
      await tx
        .updateTable("deliveries")
        .set({ wanted: sql`wanted + 1` })
        .where("stream_id", "=", streamId)
        .where("kind", "in", [...editable])
        .where("state", "=", "sent")
        .where("stage", "=", "live")
        .where("lease_until", "<=", now)
        .where("shown", "<", sql.ref<number>("wanted"))
        .execute();
      const soonest = sql<number>`coalesce(shown_at, ${now}) + ${betweenEditsMs}`;
      const { numUpdatedRows } = await tx
        .updateTable("deliveries")
        .set({
          wanted: sql`wanted + 1`,
          edits: sql`edits + 1`,
          due_at: sql`case when tries > 0 and due_at is not null then due_at
            when ${soonest} > ${now} then ${soonest} else ${now} end`,
        })
        .where("stream_id", "=", streamId)
        .where("kind", "in", [...editable])
        .where((eb) =>
          eb.or([
            eb.and([eb("state", "=", "sent"), eb("stage", "=", "live"), eb("shown", ">=", eb.ref("wanted"))]),
            eb("lease_until", ">", now),
          ]),
        )
        .where((eb) =>
          eb(
            "edits",
            "<",
            eb.fn.coalesce(
              eb.selectFrom("guilds").select("max_edits").whereRef("guilds.guild_id", "=", "deliveries.guild_id"),
              eb.val(defaultChoices.maxEdits),
            ),
          ),
        )
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async limit(tx, streamId, endedAt, { now, eventAt }) {
      await hold(tx, streamId);
      const until = endedAt === null ? now + uselessAfterMs : giveUpAt(eventAt, endedAt);
      await tx
        .updateTable("deliveries")
        .set({ give_up_at: until })
        .where("stream_id", "=", streamId)
        .where("state", "=", "waiting")
        // An end makes it sooner, a return later.
        .where("give_up_at", endedAt === null ? "<" : ">", until)
        .execute();
    },
  };
}
