import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../../ui/confirm.dialog.tsx";
import styles from "./templates.module.css";
import { templatesTexts as t } from "./templates.texts.ts";

/** Asks before changes are lost: by another page of this app, and by closing the window. */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      title={t.leaveTitle}
      action={t.leave}
      opened={blocker.status === "blocked"}
      busy={false}
      error={null}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p className={styles.plain}>{t.leaveLead}</p>
    </ConfirmDialog>
  );
}
