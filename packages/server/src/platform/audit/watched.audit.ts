import type { Audit, AuditRecord } from "./audit.ts";

/** `audit`, and `acted` is told of every entry that somebody is behind, once it is written. */
export function watchAudit(audit: Audit, acted: (entry: AuditRecord, actorId: string) => void): Audit {
  return {
    async record(entry) {
      await audit.record(entry);
      if (entry.actorId !== null) acted(entry, entry.actorId);
    },
    list: (query) => audit.list(query),
  };
}
