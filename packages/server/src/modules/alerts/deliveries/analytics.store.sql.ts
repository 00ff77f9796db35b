import type { DeliveryReason, DestinationKind } from "@foyer/protocol";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../../platform/db/database.ts";
import type { AlertsTables } from "../alerts.tables.ts";
import { type AnalyticsStore, type Quantiles, unmeasured } from "./analytics.store.ts";

const day = sql<number>`created_at / 86400000`;

/** Figures of deliveries, counted by SQLite or Postgres. */
export function createAnalyticsStore(database: Database): AnalyticsStore {
  const db = database.tables<AlertsTables>();

  const made = (guildId: string, since: number) =>
    db.selectFrom("deliveries").where("guild_id", "=", guildId).where("created_at", ">=", since);

  /**
   * The value at the nearest rank: the smallest that is not exceeded by so many percent of all. Ranked where the rows
   * are, since there may be very many; not estimated.
   */
  async function quantiles<G extends string | number>(
    guildId: string,
    since: number,
    group: RawBuilder<G>,
  ): Promise<Map<G, Quantiles>> {
    const { rows } = await sql<{ g: G; n: number; rank: number; value: number }>`
      with ranked as (
        select ${group} as g, latency_ms as value,
          row_number() over (partition by ${group} order by latency_ms) as rank,
          count(*) over (partition by ${group}) as n
        from deliveries
        where guild_id = ${guildId} and created_at >= ${since} and latency_ms is not null
      )
      select g, n, rank, value from ranked
      where rank in ((n * 50 + 99) / 100, (n * 95 + 99) / 100, (n * 99 + 99) / 100)
    `.execute(db);
    const found = new Map<G, Quantiles>();
    for (const { g, n, rank, value } of rows) {
      const known = found.get(g) ?? unmeasured;
      const at = (percent: number, old: number | null) =>
        Math.floor((Number(n) * percent + 99) / 100) === Number(rank) ? value : old;
      found.set(g, { p50: at(50, known.p50), p95: at(95, known.p95), p99: at(99, known.p99) });
    }
    return found;
  }

  return {
    async figures(guildId, since) {
      const { alerts } = await made(guildId, since)
        .select((eb) => eb.fn.count<number>("stream_id").distinct().as("alerts"))
        .executeTakeFirstOrThrow();
      const counts = await made(guildId, since)
        .select((eb) => [day.as("day"), "kind", "state", eb.fn.countAll<number>().as("count")])
        .groupBy([day, "kind", "state"])
        .execute();
      const failures = await made(guildId, since)
        .select((eb) => ["reason", eb.fn.countAll<number>().as("count")])
        .where("state", "=", "failed")
        .groupBy("reason")
        .execute();
      const whole = await quantiles(guildId, since, sql<string>`'all'`);
      return {
        alerts: Number(alerts),
        counts: counts.map(({ day: on, kind, state, count }) => {
          return { day: Number(on), kind: kind as DestinationKind, state, count: Number(count) };
        }),
        failures: failures.map(({ reason, count }) => {
          return { reason: (reason ?? "unknown") as DeliveryReason, count: Number(count) };
        }),
        latency: whole.get("all") ?? unmeasured,
        latencyByDay: await quantiles(guildId, since, day),
        latencyByKind: await quantiles(guildId, since, sql<string>`kind`),
      };
    },
  };
}
