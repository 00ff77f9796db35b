import type { DeliveryReason, DestinationKind } from "@foyer/protocol";

/** How long it took, in milliseconds: the time within which so many percent were there. */
export interface Quantiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export const unmeasured: Quantiles = { p50: null, p95: null, p99: null };

/** Figures of a guild's deliveries; each phone and browser counts. `day`: whole days since 1970, in UTC. */
export interface DeliveryFigures {
  alerts: number;
  counts: { day: number; kind: DestinationKind; state: "waiting" | "sent" | "failed"; count: number }[];
  failures: { reason: DeliveryReason; count: number }[];
  latency: Quantiles;
  latencyByDay: ReadonlyMap<number, Quantiles>;
  latencyByKind: ReadonlyMap<string, Quantiles>;
}

export interface AnalyticsStore {
  /** Of deliveries that were made from `since` on, in milliseconds since 1970. */
  figures(guildId: string, since: number): Promise<DeliveryFigures>;
}
