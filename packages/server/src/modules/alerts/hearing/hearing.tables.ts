import type { AlertsTables } from "../alerts.tables.ts";

/** What hearing keeps for itself, beside the tables that all of alerts know. */
export interface HearingTables extends AlertsTables {
  /** Work that one node does for all, and what it has to remember about it, as JSON. */
  hearing_leases: { name: string; holder: string; lease_until: number; memo: string };
}
