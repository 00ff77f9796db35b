import type { Message } from "@foyer/protocol";
import { Button, Stack, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { say } from "../../ui/undo.toast.tsx";
import { MessageExcerpt } from "./message.excerpt.tsx";
import styles from "./moderation.module.css";
import { moderationTexts } from "./moderation.texts.ts";

const t = moderationTexts.report;

/** Tells the moderators of a message, with a reason. */
export function ReportDialog(props: { message: Message; opened: boolean; onClose: () => void }) {
  const { message } = props;
  const client = useClient();
  const [reason, setReason] = useState("");
  const report = useMutation({
    mutationFn: () =>
      client.api.reportMessage({
        params: { roomId: message.roomId, messageId: message.messageId },
        body: { reason: reason.trim() },
      }),
    onSuccess: () => {
      props.onClose();
      setReason("");
      say(t.done);
    },
  });
  return (
    <DialogFrame title={t.title} opened={props.opened} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          report.mutate();
        }}
      >
        <Stack gap="md">
          <p className={styles.lead}>{t.lead}</p>
          <MessageExcerpt author={message.author.displayName} text={message.message} at={message.createdAt} />
          <Textarea
            label={t.reason}
            description={t.reasonHint}
            maxLength={500}
            autosize
            minRows={2}
            maxRows={6}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <FormProblem error={report.error} />
        </Stack>
        <DialogActions>
          <Button variant="default" onClick={props.onClose}>
            {moderationTexts.cancel}
          </Button>
          <Button type="submit" loading={report.isPending}>
            {t.action}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
