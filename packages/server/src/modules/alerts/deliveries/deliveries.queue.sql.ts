import { type Insertable, type Selectable, sql, type Transaction, type Updateable } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import type { DeliveriesQueue } from "./deliveries.queue.ts";
import { type DeliveryPatch, type DeliverySettlement, patchOf } from "./delivery.settlement.ts";
import { createJobReader } from "./job.reader.sql.ts";

type Tx = Transaction<AlertsTables>;
type Row = Selectable<AlertsTables["deliveries"]>;

/** The outbox of alerts in SQLite or Postgres. */
export function createDeliveriesQueue(database: Database): DeliveriesQueue {
  const db = database.tables<AlertsTables>();
  const jobs = createJobReader(db);

  return {
    async claim({ lane, now, leaseUntil, limit }) {
      const rows = await db.transaction().execute(async (tx) => {
        let due = tx
          .selectFrom("deliveries")
          .selectAll()
          .where("kind", "=", lane)
          .where("due_at", "<=", now)
          .where("lease_until", "<=", now)
          .orderBy("due_at")
          .orderBy("delivery_id")
          .limit(limit);
        if (database.engine === "postgres") due = due.forUpdate().skipLocked();
        const taken = await due.execute();
        if (taken.length === 0) return [];
        await tx
          .updateTable("deliveries")
          .set({
            fence: sql`fence + 1`,
            lease_until: leaseUntil,
            due_at: leaseUntil,
            uncertain_since: sql`case when stage is null then coalesce(uncertain_since, ${now}) else uncertain_since end`,
          })
          .where(
            "delivery_id",
            "in",
            taken.map((row) => row.delivery_id),
          )
          .execute();
        return taken;
      });
      // Read after the claim is committed: what changes from here on is told to whoever holds the delivery.
      return jobs.read(rows.map((row) => ({ ...row, fence: row.fence + 1, lease_until: leaseUntil })));
    },

    settle: (settlements, now) =>
      db.transaction().execute(async (tx) => {
        const current = await held(tx, settlements);
        const kept = settlements.map(({ job }) => current.get(job.deliveryId)?.fence === job.fence);
        const valid = settlements.filter((_, index) => kept[index]);
        for (const settlement of valid) {
          const row = current.get(settlement.job.deliveryId);
          if (row !== undefined) await write(tx, row, settlement, now);
        }
        const late = settlements.filter(({ result }, index) => !kept[index] && result.step !== null);
        await showAnew(tx, late, now);
        const attempts = valid.flatMap(attemptOf);
        if (attempts.length > 0) await tx.insertInto("attempts").values(attempts).execute();
        await switchOff(tx, valid);
        return kept;
      }),

    renew: (renewed, leaseUntil) =>
      db.transaction().execute(async (tx) => {
        const held = new Set<string>();
        for (const job of renewed.toSorted((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1))) {
          const { numUpdatedRows } = await tx
            .updateTable("deliveries")
            .set({
              lease_until: leaseUntil,
              due_at: sql`case when due_at = ${job.leaseUntil} then ${leaseUntil} else due_at end`,
            })
            .where("delivery_id", "=", job.deliveryId)
            .where("fence", "=", job.fence)
            .where("lease_until", "=", job.leaseUntil)
            .executeTakeFirst();
          if (numUpdatedRows > 0n) held.add(job.key);
        }
        return held;
      }),

    async countDue(now) {
      const { count } = await db
        .selectFrom("deliveries")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .where("due_at", "<=", now)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };

  async function held(tx: Tx, settlements: readonly DeliverySettlement[]) {
    let rows = tx
      .selectFrom("deliveries")
      .select(["delivery_id", "fence", "wanted", "due_at"])
      .where(
        "delivery_id",
        "in",
        settlements.map(({ job }) => job.deliveryId),
      )
      .orderBy("delivery_id");
    if (database.engine === "postgres") rows = rows.forUpdate();
    return new Map((await rows.execute()).map((row) => [row.delivery_id, row]));
  }
}

async function write(
  tx: Tx,
  row: Pick<Row, "delivery_id" | "wanted" | "due_at">,
  settlement: DeliverySettlement,
  now: number,
): Promise<void> {
  const patch = patchOf({ wanted: row.wanted, dueAt: row.due_at }, settlement, now);
  const isAttempt = settlement.kind === "again" || settlement.result.step !== null;
  await tx
    .updateTable("deliveries")
    .set({ ...columnsOf(patch), lease_until: 0, ...(isAttempt ? { attempts: sql`attempts + 1` } : {}) })
    .where("delivery_id", "=", row.delivery_id)
    .execute();
}

function columnsOf(patch: DeliveryPatch): Updateable<AlertsTables["deliveries"]> {
  const { state, wanted, shown, shownAt, externalId, url, uncertainSince, sentAt, latencyMs } = patch;
  return {
    reason: patch.reason,
    stage: patch.stage,
    tries: patch.tries,
    due_at: patch.dueAt,
    ...(state === undefined ? {} : { state }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(shown === undefined ? {} : { shown }),
    ...(shownAt === undefined ? {} : { shown_at: shownAt }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(url === undefined ? {} : { url }),
    ...(uncertainSince === undefined ? {} : { uncertain_since: uncertainSince }),
    ...(sentAt === undefined ? {} : { sent_at: sentAt }),
    ...(latencyMs === undefined ? {} : { latency_ms: latencyMs }),
  };
}

function attemptOf({ job, result }: DeliverySettlement): Insertable<AlertsTables["attempts"]>[] {
  const { step, outcome } = result;
  if (step === null || outcome === null) return [];
  return [
    {
      delivery_id: job.deliveryId,
      fence: job.fence,
      at: result.at,
      what: step,
      outcome: outcome.kind,
      reason: outcome.kind === "done" ? null : outcome.reason,
      status: outcome.status,
      duration_ms: result.durationMs,
    },
  ];
}

/** Somebody else holds them, or has done them, and the two may have arrived in either order. */
async function showAnew(tx: Tx, settlements: readonly DeliverySettlement[], now: number): Promise<void> {
  if (settlements.length === 0) return;
  await tx
    .updateTable("deliveries")
    .set({
      wanted: sql`wanted + 1`,
      due_at: sql`case when tries > 0 and due_at is not null then due_at else ${now} end`,
    })
    .where(
      "delivery_id",
      "in",
      settlements.map(({ job }) => job.deliveryId),
    )
    .where((eb) => eb.or([eb("state", "=", "sent"), eb("lease_until", ">", now)]))
    .execute();
}

/** Once for each destination: what else was on its way there finds it off. */
async function switchOff(tx: Tx, settlements: readonly DeliverySettlement[]): Promise<void> {
  for (const { job, result } of settlements) {
    if (result.off === null) continue;
    await tx
      .updateTable("destinations")
      .set({ enabled: 0, off_reason: result.off, off_notice: 1 })
      .where("destination_id", "=", job.place.destinationId)
      .where("enabled", "=", 1)
      .execute();
  }
}
