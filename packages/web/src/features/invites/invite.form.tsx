import { Button, CopyButton, NativeSelect, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { invitesKey } from "./invites.keys.ts";
import styles from "./invites.module.css";
import { invitesTexts } from "./invites.texts.ts";

const t = invitesTexts.list;

/** How long a link may work, in seconds; 0 has no end. */
const expiries = [
  { value: "3600", label: t.expiry.hour },
  { value: "86400", label: t.expiry.day },
  { value: "604800", label: t.expiry.week },
  { value: "2592000", label: t.expiry.month },
  { value: "0", label: t.expiry.never },
];

const useCounts = [
  { value: "0", label: t.useCounts.any },
  { value: "1", label: t.useCounts.one },
  { value: "5", label: t.useCounts.five },
  { value: "25", label: t.useCounts.twentyFive },
  { value: "100", label: t.useCounts.hundred },
];

/** Makes an invite link, and shows it once. */
export function InviteForm({ roomId }: { roomId: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const [expiry, setExpiry] = useState("604800");
  const [uses, setUses] = useState("0");
  const create = useMutation({
    mutationFn: () =>
      client.api.createInvite({
        params: { roomId },
        body: { maxUses: Number(uses), ...(expiry === "0" ? {} : { expiresInSeconds: Number(expiry) }) },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitesKey(roomId) }),
  });
  const token = create.data?.token;
  if (token !== undefined) return <NewLink url={`${location.origin}/invite/${token}`} onDone={create.reset} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <NativeSelect
        label={t.expires}
        data={expiries}
        value={expiry}
        onChange={(event) => setExpiry(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.uses}
        data={useCounts}
        value={uses}
        onChange={(event) => setUses(event.currentTarget.value)}
      />
      <Button type="submit" loading={create.isPending}>
        {t.create}
      </Button>
      <FormProblem error={create.error} />
    </form>
  );
}

function NewLink({ url, onDone }: { url: string; onDone: () => void }) {
  return (
    <div className={styles.made}>
      <TextInput
        label={t.linkLabel}
        description={t.once}
        readOnly
        autoFocus
        value={url}
        classNames={{ input: styles.link ?? "" }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.madeActions}>
        <CopyButton value={url} timeout={3_000}>
          {({ copied, copy }) => (
            <Button
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              onClick={copy}
            >
              <span aria-live="polite">{copied ? t.copied : t.copy}</span>
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          {t.done}
        </Button>
      </div>
    </div>
  );
}
