import type { Report } from "@foyer/protocol";
import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { deferWithUndo } from "../../ui/undo.toast.tsx";
import { When, whenText } from "../../ui/when.text.tsx";
import { MessageExcerpt } from "../moderation/message.excerpt.tsx";
import { useModerationDialog } from "../moderation/moderation.dialogs.tsx";
import { reportsKey } from "./admin.keys.ts";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";

const t = adminTexts.reports;

/** One report. `onHide` takes it from the list while closing it can still be undone, and brings it back. */
export function ReportCard({ report, onHide }: { report: Report; onHide: (away: boolean) => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const open = useModerationDialog();

  const close = (outcome: "dismissed" | "acted") => {
    onHide(true);
    deferWithUndo({
      message: outcome === "dismissed" ? t.dismissing : t.acting,
      commit: async () => {
        await client.api.closeReport({ params: { reportId: report.reportId }, body: { outcome } });
        await queries.invalidateQueries({ queryKey: reportsKey });
      },
      restore: () => onHide(false),
    });
  };
  const remove = () =>
    deferWithUndo({
      message: t.removing,
      commit: () => client.api.deleteMessage({ params: { roomId: report.roomId, messageId: report.messageId } }),
      restore: () => undefined,
    });

  return (
    <li className={styles.card}>
      <MessageExcerpt
        author={report.author.displayName}
        text={report.excerpt === "" ? t.deletedExcerpt : report.excerpt}
      />
      <p className={styles.reason} data-none={report.reason === "" || undefined}>
        {report.reason === "" ? t.noReason : report.reason}
      </p>
      <div className={styles.sub}>
        {t.by(report.reporter.displayName)} {t.inRoom(report.roomName)} · <When at={report.createdAt} />
        {report.closedAt !== undefined && report.outcome !== undefined && (
          <div>
            {t.closedBy(t.outcome[report.outcome], report.closedBy?.displayName ?? "", whenText(report.closedAt))}
          </div>
        )}
      </div>
      <Group gap="sm" className={styles.cardActions}>
        <Button
          renderRoot={(props) => (
            <Link
              to="/rooms/$roomId"
              params={{ roomId: report.roomId }}
              search={{ message: report.messageId }}
              {...props}
            />
          )}
          variant="default"
          size="xs"
          className={styles.target}
        >
          {t.jump}
        </Button>
        {report.closedAt === undefined && (
          <>
            <Button variant="default" size="xs" className={styles.target} onClick={remove}>
              {t.remove}
            </Button>
            <Button
              variant="default"
              size="xs"
              className={styles.target}
              onClick={() => open({ kind: "timeOut", roomId: report.roomId, person: report.author })}
            >
              {t.timeOut}
            </Button>
            <span className={styles.push} aria-hidden />
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              className={styles.target}
              onClick={() => close("dismissed")}
            >
              {t.dismiss}
            </Button>
            <Button size="xs" className={styles.target} onClick={() => close("acted")}>
              {t.acted}
            </Button>
          </>
        )}
      </Group>
    </li>
  );
}
