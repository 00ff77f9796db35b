import type { Session } from "@foyer/protocol";
import { Badge, Button, Group } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { dayText, fullTimeText, whenText } from "../../ui/when.text.tsx";
import { sessionsKey } from "./sessions.query.ts";
import styles from "./settings.module.css";
import { settingsTexts } from "./settings.texts.ts";

const t = settingsTexts.sessions;

/** Where one is signed in; each other session can be ended. */
export function SessionsSection() {
  const client = useClient();
  const query = useQuery({ queryKey: sessionsKey, queryFn: ({ signal }) => client.api.listSessions({ signal }) });
  const sessions = [...(query.data?.items ?? [])].sort(
    (a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt),
  );
  return (
    <Section title={t.title} lead={t.lead}>
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && (
        <>
          <ul className={styles.sessions} aria-label={t.list}>
            {sessions.map((session) => (
              <SessionRow key={session.sessionId} session={session} />
            ))}
          </ul>
          <RevokeOthers count={sessions.filter((session) => !session.current).length} />
          <p className={styles.note}>
            {t.stranger}{" "}
            <Link to="/settings/$" params={{ _splat: "sign-in" }}>
              {t.changePassword}
            </Link>
          </p>
        </>
      )}
    </Section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const client = useClient();
  const queries = useQueryClient();
  // No undo: somebody who ends a session may be in a hurry, and signing in again is easy.
  const revoke = useMutation({
    mutationFn: () => client.api.revokeSession({ params: { sessionId: session.sessionId } }),
    onSuccess: async () => {
      say(t.revoked(session.device));
      await queries.invalidateQueries({ queryKey: sessionsKey });
    },
    onError: sayError,
  });
  const phone = /android|iphone|ipad|mobile/i.test(session.device);
  return (
    <li className={styles.session}>
      {phone ? <IconDeviceMobile size={22} aria-hidden /> : <IconDeviceDesktop size={22} aria-hidden />}
      <div className={styles.sessionText}>
        <div className={styles.sessionDevice}>
          <span>{session.device}</span>
          {session.current && <Badge variant="light">{t.current}</Badge>}
        </div>
        <div className={styles.note} title={fullTimeText(session.lastUsedAt)}>
          {t.lastUsed(whenText(session.lastUsedAt))}
          {session.place === undefined ? "" : ` · ${t.from(session.place)}`} · {t.since(dayText(session.createdAt))}
        </div>
      </div>
      {!session.current && (
        <Button
          variant="default"
          size="xs"
          className={styles.target}
          loading={revoke.isPending}
          aria-label={t.revokeNamed(session.device)}
          onClick={() => revoke.mutate()}
        >
          {t.revoke}
        </Button>
      )}
    </li>
  );
}

function RevokeOthers({ count }: { count: number }) {
  const client = useClient();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => client.api.revokeOtherSessions(),
    onSuccess: async () => {
      say(t.othersRevoked);
      setAsking(false);
      await queries.invalidateQueries({ queryKey: sessionsKey });
    },
    onError: sayError,
  });
  if (count === 0) return <p className={styles.note}>{t.alone}</p>;
  if (!asking) {
    return (
      <Button variant="default" onClick={() => setAsking(true)}>
        {t.revokeOthers}
      </Button>
    );
  }
  return (
    <Group gap="sm">
      <Button color="red" autoFocus loading={revoke.isPending} onClick={() => revoke.mutate()}>
        {t.revokeOthersSure(count)}
      </Button>
      <Button variant="default" onClick={() => setAsking(false)}>
        {t.keep}
      </Button>
    </Group>
  );
}
