import { Button, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { DialogActions, DialogFrame } from "./dialog.frame.tsx";
import { FormProblem } from "./form.problem.tsx";
import { uiTexts } from "./ui.texts.ts";

interface ConfirmProps {
  title: string;
  /** What the button does. */
  action: string;
  opened: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be undone. While it is being done, nothing closes it. */
export function ConfirmDialog(props: ConfirmProps) {
  const close = () => {
    if (!props.busy) props.onClose();
  };
  return (
    <DialogFrame title={props.title} opened={props.opened} onClose={close}>
      <Stack gap="md">
        {props.children}
        <FormProblem error={props.error} />
      </Stack>
      <DialogActions>
        <Button variant="default" data-autofocus onClick={close}>
          {uiTexts.cancel}
        </Button>
        <Button color="red" loading={props.busy} onClick={props.onConfirm}>
          {props.action}
        </Button>
      </DialogActions>
    </DialogFrame>
  );
}
