import type { StartedTotp } from "@foyer/protocol";
import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { encode } from "uqr";
import { useClient } from "../../app/client.context.tsx";
import { CopyButton } from "../../ui/copy.button.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { errorCode } from "../../ui/error.text.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import { codeOf } from "../proof/proof.ways.ts";
import styles from "./factors.module.css";
import { factorsTexts } from "./factors.texts.ts";
import { qrPath } from "./qr.path.ts";
import { groupedKey } from "./secret.text.ts";

const t = factorsTexts.totp;

interface TotpDialogProps {
  started: StartedTotp;
  onClose: () => void;
  /** `codes` come when the account had none yet. */
  onDone: (codes: string[] | undefined) => void;
}

/** Shows the key of an authenticator app, and takes the first code of it. */
export function TotpDialog({ started, onClose, onDone }: TotpDialogProps) {
  const client = useClient();
  const [wrong, setWrong] = useState<string>();
  const confirm = useMutation({
    mutationFn: (code: string) => client.api.confirmTotp({ body: { code } }),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
    onError: (error) => {
      if (errorCode(error) === "auth.second_factor_invalid") setWrong(t.codeRefused);
    },
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const code = codeOf(String(new FormData(event.currentTarget).get("code") ?? ""));
    setWrong(code === undefined ? t.codeWrong : undefined);
    if (code !== undefined) confirm.mutate(code);
  }

  return (
    <DialogFrame
      title={t.dialog}
      opened
      tall
      onClose={() => {
        if (!confirm.isPending) onClose();
      }}
    >
      <form noValidate onSubmit={submit}>
        <Stack gap="md">
          <p className={styles.plain}>{t.scan}</p>
          <QrCode text={started.uri} />
          <div>
            <p className={styles.note}>{t.byHand}</p>
            <div className={styles.key}>
              <code>{groupedKey(started.secret)}</code>
              <CopyButton text={started.secret} label={t.copyKey} size="xs" />
            </div>
          </div>
          <TextInput
            name="code"
            className={styles.code ?? ""}
            label={t.code}
            description={t.enter}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={8}
            data-autofocus
            error={wrong}
          />
          <FormProblem error={wrong === undefined ? confirm.error : undefined} />
        </Stack>
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            {t.confirm}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}

function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 4 });
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={t.picture}
      shapeRendering="crispEdges"
    >
      <path d={qrPath(data)} />
    </svg>
  );
}
