import type { StreamerInvite } from "@foyer/protocol";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { CopyButton } from "../../ui/copy.button.tsx";
import { FormProblem } from "../../ui/form.problem.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo } from "../../ui/undo.toast.tsx";
import { fullTimeText, whenText } from "../../ui/when.text.tsx";
import styles from "./streamers.module.css";
import { streamersTexts } from "./streamers.texts.ts";

const t = streamersTexts.invites;

const invitesKey = (guildId: string) => ["guilds", guildId, "streamer-invites"] as const;

/** In hours. */
const expiries = [
  { value: "24", label: t.expiry.day },
  { value: "168", label: t.expiry.week },
  { value: "720", label: t.expiry.month },
];

const useCounts = [
  { value: "1", label: t.useCounts.one },
  { value: "5", label: t.useCounts.five },
  { value: "25", label: t.useCounts.twentyFive },
  { value: "0", label: t.useCounts.any },
];

/** Links by which broadcasters add themselves: makes new ones, lists those that work, revokes them. */
export function StreamerInvites({ guildId }: { guildId: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const [revoked, setRevoked] = useState<ReadonlySet<string>>(new Set());
  const query = useQuery({
    queryKey: invitesKey(guildId),
    queryFn: ({ signal }) => client.api.listStreamerInvites({ params: { guildId }, signal }),
  });
  const shown = (query.data?.items ?? []).filter(({ inviteId }) => !revoked.has(inviteId));

  const revoke = (inviteId: string) => {
    setRevoked((before) => new Set(before).add(inviteId));
    deferWithUndo({
      message: t.revoked,
      commit: async () => {
        await client.api.revokeStreamerInvite({ params: { guildId, inviteId } });
        await queries.invalidateQueries({ queryKey: invitesKey(guildId) });
      },
      restore: () => setRevoked((before) => new Set([...before].filter((id) => id !== inviteId))),
    });
  };

  return (
    <Section title={t.title} lead={t.lead}>
      <InviteForm guildId={guildId} />
      {query.isPending && <LoadingState rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && shown.length === 0 && <p className={styles.none}>{t.none}</p>}
      {shown.length > 0 && (
        <RowList label={t.list}>
          {shown.map((invite) => (
            <InviteRow key={invite.inviteId} invite={invite} onRevoke={() => revoke(invite.inviteId)} />
          ))}
        </RowList>
      )}
    </Section>
  );
}

function InviteForm({ guildId }: { guildId: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const [hours, setHours] = useState("168");
  const [uses, setUses] = useState("1");
  const create = useMutation({
    mutationFn: () =>
      client.api.createStreamerInvite({
        params: { guildId },
        body: { expiresInHours: Number(hours), maxUses: Number(uses) },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitesKey(guildId) }),
  });
  const url = create.data?.url;
  if (url !== undefined) return <NewLink url={url} onDone={create.reset} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <NativeSelect
        label={t.expires}
        data={expiries}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.uses}
        data={useCounts}
        value={uses}
        onChange={(event) => setUses(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={create.isPending}>
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
        label={t.link}
        description={t.once}
        readOnly
        autoFocus
        value={url}
        classNames={{ input: styles.link ?? "" }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.actions}>
        <CopyButton text={url} label={t.copy} />
        <Button variant="default" onClick={onDone}>
          {t.done}
        </Button>
      </div>
    </div>
  );
}

function InviteRow({ invite, onRevoke }: { invite: StreamerInvite; onRevoke: () => void }) {
  const made = whenText(invite.createdAt);
  return (
    <Row
      icon={<IconLink size={22} aria-hidden />}
      title={t.made(made)}
      note={`${t.used(invite.uses, invite.maxUses)} · ${t.until(fullTimeText(invite.expiresAt))}`}
      actions={
        <Button variant="default" size="xs" aria-label={t.revokeNamed(made)} onClick={onRevoke}>
          {t.revoke}
        </Button>
      }
    />
  );
}
