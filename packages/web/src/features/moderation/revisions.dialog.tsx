import type { Message } from "@foyer/protocol";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { DialogFrame } from "../../ui/dialog.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { fullTimeText } from "../../ui/when.text.tsx";
import styles from "./moderation.module.css";
import { moderationTexts } from "./moderation.texts.ts";

const t = moderationTexts.revisions;

/** Earlier texts of a message, newest first, as plain text. */
export function RevisionsDialog(props: { message: Message; opened: boolean; onClose: () => void }) {
  const { message } = props;
  const client = useClient();
  const query = useQuery({
    queryKey: ["revisions", message.messageId, message.version],
    queryFn: ({ signal }) =>
      client.api.listRevisions({ params: { roomId: message.roomId, messageId: message.messageId }, signal }),
    enabled: props.opened,
  });
  const earlier = [...(query.data?.items ?? [])].sort((a, b) => b.replacedAt.localeCompare(a.replacedAt));
  return (
    <DialogFrame title={t.title} opened={props.opened} onClose={props.onClose} size={560} tall>
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && earlier.length === 0 && <EmptyState title={t.empty} />}
      {query.isSuccess && earlier.length > 0 && (
        <>
          {message.deletedAt !== undefined && <p className={styles.lead}>{t.deleted}</p>}
          <ol className={styles.revisions} aria-label={t.list}>
            {message.deletedAt === undefined && <Version label={t.now} text={message.message} />}
            {earlier.map((revision) => (
              <Version
                key={revision.replacedAt}
                label={t.until(fullTimeText(revision.replacedAt))}
                text={revision.message}
              />
            ))}
          </ol>
        </>
      )}
    </DialogFrame>
  );
}

function Version(props: { label: string; text: string }) {
  return (
    <li className={styles.revision}>
      <div className={styles.revisionLabel}>{props.label}</div>
      <div className={styles.revisionText}>{props.text}</div>
    </li>
  );
}
