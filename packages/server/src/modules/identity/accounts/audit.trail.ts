import type { AuditEntry } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import { isoTime } from "../../../platform/clock/clock.ts";
import type { Profiles } from "./profiles.ts";

/** The audit trail with names instead of ids. */
export interface AuditTrail {
  /** Newest first. */
  list(query: {
    action?: string | undefined;
    actor?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<{ items: AuditEntry[]; next?: string }>;
}

export function createAuditTrail({ audit, profiles }: { audit: Audit; profiles: Profiles }): AuditTrail {
  return {
    async list({ action, actor, cursor, limit }) {
      const page = await audit.list({
        limit,
        ...(action === undefined ? {} : { action }),
        ...(actor === undefined ? {} : { actor }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const ids = page.entries.flatMap(({ actorId, subject }) => [
        ...(actorId === null ? [] : [actorId]),
        ...(subject.kind === "account" ? [subject.id] : []),
      ]);
      const people = await profiles.profiles([...new Set(ids)]);
      const items = page.entries.map(({ entryId, at, actorId, action: what, subject, details }) => {
        const name = subject.kind === "account" ? people.get(subject.id)?.displayName : undefined;
        return {
          entryId,
          at: isoTime(at),
          actor: actorId === null ? null : (people.get(actorId) ?? null),
          action: what,
          subject: { ...subject, ...(name === undefined ? {} : { name }) },
          details: details ?? {},
        };
      });
      return { items, ...(page.next === undefined ? {} : { next: page.next }) };
    },
  };
}
