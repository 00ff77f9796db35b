import type { AuditEntry } from "@foyer/protocol";
import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { FoyerMark } from "../../ui/foyer.mark.tsx";
import { ListStatus, MoreButton, usePaged } from "../../ui/paged.query.tsx";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { When } from "../../ui/when.text.tsx";
import { useRooms } from "../rooms/rooms.query.ts";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";
import { actionName, auditSentence, knownActions, type RoomNames } from "./audit.sentences.ts";

const t = adminTexts.audit;

/** Who did what, newest first, as sentences; filtered by action. */
export function AuditSection() {
  const client = useClient();
  const [action, setAction] = useState("");
  const rooms = new Map((useRooms().data ?? []).map((room) => [room.roomId, room.name]));
  const query = usePaged({
    key: ["admin", "audit", action],
    load: (cursor, signal) =>
      client.api.listAudit({ query: { ...(action ? { action } : {}), ...(cursor ? { cursor } : {}) }, signal }),
  });
  const filter = (
    <NativeSelect
      aria-label={t.filter}
      value={action}
      onChange={(event) => setAction(event.currentTarget.value)}
      data={[{ value: "", label: t.all }, ...knownActions.map((known) => ({ value: known, label: actionName(known) }))]}
    />
  );
  return (
    <Section title={t.title} lead={t.lead} aside={filter}>
      <ListStatus pending={query.isPending} text={t.found(query.items.length)} />
      {query.isPending && <LoadingState rows={6} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && query.items.length === 0 && (
        <EmptyState
          title={action === "" ? t.empty : t.emptyFiltered}
          {...(action === "" ? { hint: t.emptyHint } : {})}
        />
      )}
      {query.items.length > 0 && (
        <ul className={styles.list} aria-label={t.list}>
          {query.items.map((entry) => (
            <AuditItem key={entry.entryId} entry={entry} rooms={rooms} />
          ))}
        </ul>
      )}
      <MoreButton query={query} label={adminTexts.more} />
    </Section>
  );
}

function SystemMark() {
  return (
    <span className={styles.noActor} aria-hidden>
      <FoyerMark size={20} />
    </span>
  );
}

function AuditItem({ entry, rooms }: { entry: AuditEntry; rooms: RoomNames }) {
  const details = Object.entries(entry.details);
  const about = (
    <>
      <When at={entry.at} /> · <code className={styles.code}>{entry.action}</code>
    </>
  );
  return (
    <li className={styles.entry}>
      {entry.actor ? <PersonAvatar person={entry.actor} size={32} /> : <SystemMark />}
      <div className={styles.entryText}>
        <div className={styles.sentence}>
          <strong>{entry.actor?.displayName ?? t.system}</strong> {auditSentence(entry, rooms)}
        </div>
        {details.length === 0 && <div className={styles.sub}>{about}</div>}
        {details.length > 0 && (
          <details className={styles.details}>
            <summary>{about}</summary>
            <dl aria-label={t.details}>
              {details.map(([key, value]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}
