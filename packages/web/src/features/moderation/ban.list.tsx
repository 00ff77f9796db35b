import type { Ban } from "@foyer/protocol";
import { Badge, Button } from "@mantine/core";
import { IconWorldOff } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ListStatus } from "../../ui/paged.query.tsx";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo } from "../../ui/undo.toast.tsx";
import { fullTimeText, whenText } from "../../ui/when.text.tsx";
import styles from "./moderation.module.css";
import { moderationTexts } from "./moderation.texts.ts";
import { bansKey } from "./sanctions.ts";

const t = moderationTexts.bans;

/** Bans of a room, or of the whole server without one; each can be lifted. */
export function BanList(props: { roomId?: string; label: string; empty: string; emptyHint?: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const [lifted, setLifted] = useState<ReadonlySet<string>>(new Set());
  const { roomId } = props;
  const key = bansKey(roomId);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      roomId === undefined
        ? client.api.listServerBans({ signal })
        : client.api.listBans({ params: { roomId }, signal }),
  });
  const shown = (query.data?.items ?? []).filter((ban) => !lifted.has(ban.banId));

  const lift = (ban: Ban) => {
    setLifted((before) => new Set(before).add(ban.banId));
    deferWithUndo({
      message: t.lifted(ban.account?.displayName ?? t.addressOnly),
      commit: async () => {
        const params = { banId: ban.banId };
        await (roomId === undefined
          ? client.api.liftServerBan({ params })
          : client.api.liftBan({ params: { ...params, roomId } }));
        await queries.invalidateQueries({ queryKey: key });
      },
      restore: () => setLifted((before) => new Set([...before].filter((banId) => banId !== ban.banId))),
    });
  };

  if (query.isPending) return <LoadingState rows={3} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <ListStatus pending={false} text={t.found(shown.length)} />
      {shown.length === 0 ? (
        <EmptyState title={props.empty} {...(props.emptyHint === undefined ? {} : { hint: props.emptyHint })} />
      ) : (
        <ul className={styles.list} aria-label={props.label}>
          {shown.map((ban) => (
            <BanRow key={ban.banId} ban={ban} onLift={() => lift(ban)} />
          ))}
        </ul>
      )}
    </>
  );
}

function BanRow({ ban, onLift }: { ban: Ban; onLift: () => void }) {
  const name = ban.account?.displayName ?? t.addressOnly;
  return (
    <li className={styles.row}>
      {ban.account === null ? (
        <span className={styles.noPerson} aria-hidden>
          <IconWorldOff size={18} />
        </span>
      ) : (
        <PersonAvatar person={ban.account} size={32} />
      )}
      <div className={styles.rowText}>
        <div className={styles.rowName}>
          {name}
          {ban.account !== null && <span className={styles.quiet}>@{ban.account.handle}</span>}
          {ban.address && ban.account !== null && (
            <Badge variant="default" size="sm">
              {t.withAddress}
            </Badge>
          )}
        </div>
        <div className={ban.reason === "" ? styles.quiet : styles.reason}>
          {ban.reason === "" ? t.noReason : ban.reason}
        </div>
        <div className={styles.quiet} title={fullTimeText(ban.createdAt)}>
          {ban.by === null ? t.since(whenText(ban.createdAt)) : t.by(ban.by.displayName, whenText(ban.createdAt))} ·{" "}
          {ban.until === undefined ? t.forever : t.until(fullTimeText(ban.until))}
        </div>
      </div>
      <Button variant="default" size="xs" className={styles.target} aria-label={t.liftNamed(name)} onClick={onLift}>
        {t.lift}
      </Button>
    </li>
  );
}
