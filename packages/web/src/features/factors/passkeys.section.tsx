import type { AccountSecurity, Passkey } from "@foyer/protocol";
import { Badge, Button, TextInput } from "@mantine/core";
import { IconFingerprint, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { serverQuery } from "../../app/server.query.ts";
import { ConfirmDialog } from "../../ui/confirm.dialog.tsx";
import { DialogActions, DialogFrame } from "../../ui/dialog.frame.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { dayText, whenText } from "../../ui/when.text.tsx";
import { knowsPasskeys, makePasskey, PasskeyGivenUp } from "../proof/passkey.ceremony.ts";
import styles from "./factors.module.css";
import { factorsTexts } from "./factors.texts.ts";
import { securityKey } from "./security.query.ts";

const t = factorsTexts.passkeys;

interface PasskeysProps {
  security: AccountSecurity;
  onCodes: (codes: readonly string[]) => void;
}

/** The passkeys of one's own account: adding, naming and removing them. */
export function PasskeysSection({ security, onCodes }: PasskeysProps) {
  const client = useClient();
  const queries = useQueryClient();
  const server = useQuery(serverQuery(client));
  const add = useMutation({
    mutationFn: async () => client.api.addPasskey({ body: { response: await makePasskey(client) } }),
    onSuccess: async ({ passkey, recoveryCodes }) => {
      say(t.added(passkey.name));
      if (recoveryCodes !== undefined) onCodes(recoveryCodes);
      await queries.invalidateQueries({ queryKey: securityKey });
    },
    onError: (error) => {
      if (!(error instanceof PasskeyGivenUp)) sayError(error);
    },
  });
  const possible = server.data?.features["passkeys"] === true;
  const { passkeys } = security;
  return (
    <Section
      title={t.title}
      lead={t.lead}
      aside={
        possible && knowsPasskeys() ? (
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            loading={add.isPending}
            onClick={() => add.mutate()}
          >
            {t.add}
          </Button>
        ) : undefined
      }
    >
      {passkeys.length > 0 && (
        <RowList label={t.list}>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.passkeyId} passkey={passkey} />
          ))}
        </RowList>
      )}
      {passkeys.length === 0 && <p className={styles.note}>{t.empty}</p>}
      {server.data !== undefined && !possible && <p className={styles.note}>{t.notHere}</p>}
      {possible && !knowsPasskeys() && <p className={styles.note}>{t.notThisBrowser}</p>}
    </Section>
  );
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const client = useClient();
  const queries = useQueryClient();
  const [open, setOpen] = useState<"name" | "remove">();
  const { passkeyId, name } = passkey;
  const remove = useMutation({
    mutationFn: () => client.api.removePasskey({ params: { passkeyId } }),
    onSuccess: async () => {
      say(t.removed(name));
      setOpen(undefined);
      await queries.invalidateQueries({ queryKey: securityKey });
    },
  });
  const used = passkey.lastUsedAt === undefined ? t.neverUsed : t.lastUsed(whenText(passkey.lastUsedAt));
  return (
    <Row
      icon={<IconFingerprint size={22} aria-hidden />}
      title={
        <>
          <span>{name}</span>
          {passkey.synced && (
            <Badge variant="light" color="gray" title={t.syncedNote}>
              {t.synced}
            </Badge>
          )}
        </>
      }
      note={`${t.created(dayText(passkey.createdAt))} · ${used}`}
      actions={
        <>
          <Button variant="default" size="xs" aria-label={t.renameNamed(name)} onClick={() => setOpen("name")}>
            {t.rename}
          </Button>
          <Button variant="default" size="xs" aria-label={t.removeNamed(name)} onClick={() => setOpen("remove")}>
            {t.remove}
          </Button>
          <DialogFrame title={t.renameTitle} opened={open === "name"} onClose={() => setOpen(undefined)}>
            <NameForm passkey={passkey} onClose={() => setOpen(undefined)} />
          </DialogFrame>
          <ConfirmDialog
            title={t.removeTitle(name)}
            action={t.remove}
            opened={open === "remove"}
            busy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate()}
            onClose={() => setOpen(undefined)}
          >
            <p className={styles.plain}>{t.removeLead}</p>
          </ConfirmDialog>
        </>
      }
    />
  );
}

function NameForm({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const [empty, setEmpty] = useState(false);
  const rename = useMutation({
    mutationFn: (name: string) =>
      client.api.renamePasskey({ params: { passkeyId: passkey.passkeyId }, body: { name } }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: securityKey });
    },
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    setEmpty(name === "");
    if (name !== "") rename.mutate(name);
  }

  return (
    <form noValidate onSubmit={submit}>
      <TextInput
        name="name"
        label={t.name}
        defaultValue={passkey.name}
        maxLength={64}
        data-autofocus
        error={empty ? t.nameEmpty : undefined}
      />
      <FormProblem error={rename.error} />
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {uiTexts.cancel}
        </Button>
        <Button type="submit" loading={rename.isPending}>
          {t.save}
        </Button>
      </DialogActions>
    </form>
  );
}
