/** Who did what, on what. `details` holds no secret and no text that people wrote. */
export interface AuditRecord {
  actorId: string | null;
  /** `<noun>.<past verb>`: `member.banned`. */
  action: string;
  subject: { kind: string; id: string };
  details?: Record<string, string | number | boolean | null>;
}

/** One page of entries, newest first. `next` is the cursor of the following page. */
export interface AuditPage {
  entries: (AuditRecord & { entryId: string; at: number })[];
  next: string | undefined;
}

/** The audit trail: append only. Recorded before the answer is given, so that nothing privileged goes unrecorded. */
export interface Audit {
  record(entry: AuditRecord): Promise<void>;
  list(query: {
    action?: string;
    actor?: string;
    subject?: string;
    cursor?: string;
    limit: number;
  }): Promise<AuditPage>;
}
