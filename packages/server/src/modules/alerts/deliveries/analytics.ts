import type { Analytics } from "@foyer/protocol";
import type { Caller } from "../../../platform/caller/caller.ts";
import { type Clock, isoTime } from "../../../platform/clock/clock.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import { type AnalyticsStore, type DeliveryFigures, unmeasured } from "./analytics.store.ts";

const dayMs = 86_400_000;

export interface AnalyticsDeps {
  store: AnalyticsStore;
  access: GuildAccess;
  clock: Clock;
}

/** Figures for those who manage a guild. */
export interface DeliveryAnalytics {
  /** Of the last `days` days in UTC, today included. Throws what `GuildAccess.manage` throws. */
  of(caller: Caller, guildId: string, days: number): Promise<Analytics>;
}

/** Analytics over their store. */
export function createAnalytics({ store, access, clock }: AnalyticsDeps): DeliveryAnalytics {
  return {
    async of(caller, guildId, days) {
      await access.manage(caller, guildId);
      const today = Math.floor(clock.now() / dayMs);
      const first = today - days + 1;
      return analyticsOf(await store.figures(guildId, first * dayMs), first, today);
    },
  };
}

function analyticsOf(figures: DeliveryFigures, first: number, today: number): Analytics {
  const total = (match: Partial<DeliveryFigures["counts"][number]>) =>
    figures.counts
      .filter((each) => Object.entries(match).every(([name, value]) => each[name as keyof typeof match] === value))
      .reduce((sum, { count }) => sum + count, 0);
  const days = Array.from({ length: today - first + 1 }, (_, index) => first + index);
  const kinds = [...new Set(figures.counts.map(({ kind }) => kind))].sort();
  return {
    alerts: figures.alerts,
    sent: total({ state: "sent" }),
    failed: total({ state: "failed" }),
    waiting: total({ state: "waiting" }),
    latency: figures.latency,
    days: days.map((day) => {
      const { p50, p95 } = figures.latencyByDay.get(day) ?? unmeasured;
      const date = isoTime(day * dayMs).slice(0, 10);
      return { day: date, sent: total({ day, state: "sent" }), failed: total({ day, state: "failed" }), p50, p95 };
    }),
    byDestination: kinds.map((kind) => ({
      kind,
      sent: total({ kind, state: "sent" }),
      failed: total({ kind, state: "failed" }),
      latency: figures.latencyByKind.get(kind) ?? unmeasured,
    })),
    failures: figures.failures.toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
  };
}
