import type { Selectable } from "kysely";
import type { ChatTables } from "../chat.tables.ts";

export type ReportRow = Selectable<ChatTables["reports"]>;

/** Reports of messages. They outlive the message and its room. Every method is one atomic step. */
export interface ReportsStore {
  /** Idempotent: false when this person has reported this message before; that report stays as it is. */
  add(report: ReportRow): Promise<boolean>;
  /** A page, newest first, after the report `before` (an id) where one is given. */
  list(query: { state: "open" | "closed"; before?: string | undefined; limit: number }): Promise<ReportRow[]>;
  /** Closes an open one. Of several at once one closes it. */
  close(
    reportId: string,
    by: { accountId: string; outcome: "dismissed" | "acted"; at: number },
  ): Promise<"closed" | "already" | "unknown">;
}
