import type { Invite } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo } from "../../ui/undo.toast.tsx";
import { fullTimeText, whenText } from "../../ui/when.text.tsx";
import { InviteForm } from "./invite.form.tsx";
import { invitesKey } from "./invites.keys.ts";
import styles from "./invites.module.css";
import { invitesTexts } from "./invites.texts.ts";

const t = invitesTexts.list;

/** Links that lead into a room: makes new ones, lists those that work, withdraws them. */
export function InviteList({ roomId }: { roomId: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const [withdrawn, setWithdrawn] = useState<ReadonlySet<string>>(new Set());
  const query = useQuery({
    queryKey: invitesKey(roomId),
    queryFn: ({ signal }) => client.api.listInvites({ params: { roomId }, signal }),
  });
  const shown = (query.data?.items ?? []).filter((invite) => !withdrawn.has(invite.inviteId));

  const withdraw = (inviteId: string) => {
    setWithdrawn((before) => new Set(before).add(inviteId));
    deferWithUndo({
      message: t.revoked,
      commit: async () => {
        await client.api.revokeInvite({ params: { roomId, inviteId } });
        await queries.invalidateQueries({ queryKey: invitesKey(roomId) });
      },
      restore: () => setWithdrawn((before) => new Set([...before].filter((id) => id !== inviteId))),
    });
  };

  return (
    <>
      <p className={styles.lead}>{t.lead}</p>
      <InviteForm roomId={roomId} />
      {query.isPending && <LoadingState rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && shown.length === 0 && <p className={styles.empty}>{t.empty}</p>}
      {shown.length > 0 && (
        <>
          <h3 className={styles.heading}>{t.listLabel}</h3>
          <ul className={styles.list} aria-label={t.listLabel}>
            {shown.map((invite) => (
              <InviteRow key={invite.inviteId} invite={invite} onWithdraw={() => withdraw(invite.inviteId)} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function InviteRow({ invite, onWithdraw }: { invite: Invite; onWithdraw: () => void }) {
  const name = invite.createdBy.displayName;
  return (
    <li className={styles.row}>
      <PersonAvatar person={invite.createdBy} size={32} />
      <div className={styles.rowText}>
        <div className={styles.rowName}>{t.by(name, whenText(invite.createdAt))}</div>
        <div className={styles.quiet}>
          {t.usesOf(invite.uses, invite.maxUses)} ·{" "}
          {invite.expiresAt === undefined ? t.noEnd : t.expiresAt(fullTimeText(invite.expiresAt))}
        </div>
      </div>
      <Button
        variant="default"
        size="xs"
        className={styles.target}
        aria-label={t.revokeNamed(name)}
        onClick={onWithdraw}
      >
        {t.revoke}
      </Button>
    </li>
  );
}
