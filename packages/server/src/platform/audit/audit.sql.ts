import type { Clock, Ids } from "../clock/clock.ts";
import type { Database } from "../db/database.ts";
import type { AuditTables } from "./audit.schema.ts";
import type { Audit, AuditRecord } from "./audit.ts";

/** The audit trail in the database. A cursor is the id of the last entry of the page before. */
export function createAudit({ db, clock, ids }: { db: Database; clock: Clock; ids: Ids }): Audit {
  const tables = db.tables<AuditTables>();
  return {
    async record({ actorId, action, subject, details }) {
      await tables
        .insertInto("audit_entries")
        .values({
          id: ids.uuid(),
          at: clock.now(),
          actor_id: actorId,
          action,
          subject_kind: subject.kind,
          subject_id: subject.id,
          details: JSON.stringify(details ?? {}),
        })
        .execute();
    },

    async list({ action, actor, subject, cursor, limit }) {
      let query = tables
        .selectFrom("audit_entries")
        .selectAll()
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (action !== undefined) query = query.where("action", "=", action);
      if (actor !== undefined) query = query.where("actor_id", "=", actor);
      if (subject !== undefined) query = query.where("subject_id", "=", subject);
      if (cursor !== undefined) query = query.where("id", "<", cursor);
      const rows = await query.execute();
      const shown = rows.slice(0, limit);
      return {
        entries: shown.map((row) => ({
          entryId: row.id,
          at: row.at,
          actorId: row.actor_id,
          action: row.action,
          subject: { kind: row.subject_kind, id: row.subject_id },
          details: JSON.parse(row.details) as NonNullable<AuditRecord["details"]>,
        })),
        next: rows.length > limit ? shown.at(-1)?.id : undefined,
      };
    },
  };
}
