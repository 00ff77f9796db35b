import type { Destination } from "@foyer/protocol";
import { Button, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "../../ui/copy.button.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import { say } from "../../ui/undo.toast.tsx";
import { DestinationForm } from "./destination.form.tsx";
import styles from "./destinations.module.css";
import { destinationsTexts as t } from "./destinations.texts.ts";

interface AddDialogProps {
  guildId: string;
  opened: boolean;
  onClose: () => void;
}

/** Adds a destination. The secret of a webhook is shown once, and stays until somebody says that it is kept. */
export function AddDestinationDialog({ guildId, opened, onClose }: AddDialogProps) {
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setSecret(undefined);
    onClose();
  };
  const made = (destination: Destination, itsSecret: string | undefined) => {
    say(t.added(destination.name));
    if (itsSecret === undefined) close();
    else setSecret(itsSecret);
  };
  return (
    <DialogFrame
      title={secret === undefined ? t.dialog : t.secretTitle}
      opened={opened}
      onClose={close}
      held={secret !== undefined}
      size={480}
      tall
    >
      {secret === undefined ? (
        <DestinationForm
          guildId={guildId}
          onMade={made}
          actions={(submit) => (
            <DialogActions>
              <Button variant="default" onClick={close}>
                {uiTexts.cancel}
              </Button>
              {submit}
            </DialogActions>
          )}
        />
      ) : (
        <WebhookSecret secret={secret} onClose={close} />
      )}
    </DialogFrame>
  );
}

function WebhookSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <>
      <Stack gap="md">
        <p className={styles.plain}>{t.secretLead}</p>
        <TextInput
          label={t.secret}
          value={secret}
          readOnly
          data-autofocus
          classNames={{ input: styles.secret ?? "" }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton text={secret} label={t.copySecret} />
      </Stack>
      <DialogActions>
        <Button onClick={onClose}>{t.done}</Button>
      </DialogActions>
    </>
  );
}
