import type { AccountSecurity, StartedTotp } from "@foyer/protocol";
import { Badge, Button } from "@mantine/core";
import { IconDeviceMobileMessage, IconLifebuoy } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ConfirmDialog } from "../../ui/confirm.dialog.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { dayText, whenText } from "../../ui/when.text.tsx";
import { CodesDialog } from "./codes.dialog.tsx";
import styles from "./factors.module.css";
import { factorsTexts } from "./factors.texts.ts";
import { PasskeysSection } from "./passkeys.section.tsx";
import { securityKey, securityQuery } from "./security.query.ts";

const t = factorsTexts.totp;
const c = factorsTexts.codes;
const few = 3;

/** With it comes what draws the picture. */
const TotpDialog = lazy(async () => ({ default: (await import("./totp.dialog.tsx")).TotpDialog }));

/** Authenticator app, recovery codes and passkeys of one's own account. */
export function SecondFactorSections() {
  const client = useClient();
  const query = useQuery(securityQuery(client));
  const [codes, setCodes] = useState<readonly string[]>();
  if (query.isPending) {
    return (
      <Section title={t.title} lead={t.lead}>
        <LoadingState rows={3} />
      </Section>
    );
  }
  if (query.isError) {
    return (
      <Section title={t.title} lead={t.lead}>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Section>
    );
  }
  return (
    <>
      <PasskeysSection security={query.data} onCodes={setCodes} />
      <TotpSection security={query.data} onCodes={setCodes} />
      <RecoverySection security={query.data} onCodes={setCodes} />
      {codes !== undefined && <CodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </>
  );
}

interface PartProps {
  security: AccountSecurity;
  onCodes: (codes: readonly string[]) => void;
}

function TotpSection({ security, onCodes }: PartProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [started, setStarted] = useState<StartedTotp>();
  const [asking, setAsking] = useState(false);
  const { totp, passkeys } = security;
  const refresh = () => queries.invalidateQueries({ queryKey: securityKey });
  const start = useMutation({
    mutationFn: () => client.api.startTotp(),
    onSuccess: setStarted,
    onError: sayError,
  });
  const remove = useMutation({
    mutationFn: () => client.api.removeTotp(),
    onSuccess: async () => {
      say(t.turnedOff);
      setAsking(false);
      await refresh();
    },
  });
  const used = totp?.lastUsedAt === undefined ? t.neverUsed : t.lastUsed(whenText(totp.lastUsedAt));
  const offNote = passkeys.length > 0 ? t.offNotePasskey : t.offNote;
  return (
    <Section title={t.title} lead={t.lead}>
      <RowList label={t.title}>
        <Row
          icon={<IconDeviceMobileMessage size={22} aria-hidden />}
          title={
            <>
              <span>{t.row}</span>
              <Badge variant="light" color={totp === null ? "gray" : "brass"}>
                {totp === null ? t.off : t.on}
              </Badge>
            </>
          }
          note={totp === null ? offNote : `${t.since(dayText(totp.createdAt))} · ${used}`}
          actions={
            totp === null ? (
              <Button size="xs" loading={start.isPending} aria-label={t.setUpNamed} onClick={() => start.mutate()}>
                {t.setUp}
              </Button>
            ) : (
              <Button variant="default" size="xs" aria-label={t.turnOffNamed} onClick={() => setAsking(true)}>
                {t.turnOff}
              </Button>
            )
          }
        />
      </RowList>
      {started !== undefined && (
        <Suspense fallback={null}>
          <TotpDialog
            started={started}
            onClose={() => setStarted(undefined)}
            onDone={(codes) => {
              setStarted(undefined);
              say(t.turnedOn);
              if (codes !== undefined) onCodes(codes);
              void refresh();
            }}
          />
        </Suspense>
      )}
      <ConfirmDialog
        title={t.turnOffTitle}
        action={t.turnOff}
        opened={asking}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className={styles.plain}>{t.turnOffLead}</p>
        {passkeys.length === 0 && <p className={styles.plain}>{t.turnOffAlone}</p>}
      </ConfirmDialog>
    </Section>
  );
}

function RecoverySection({ security: { recoveryCodes, secondFactor }, onCodes }: PartProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const renew = useMutation({
    mutationFn: () => client.api.renewRecoveryCodes(),
    onSuccess: async (made) => {
      setAsking(false);
      onCodes(made.recoveryCodes);
      await queries.invalidateQueries({ queryKey: securityKey });
    },
  });
  if (recoveryCodes === null || !secondFactor) {
    return (
      <Section title={c.title}>
        <p className={styles.note}>{c.none}</p>
      </Section>
    );
  }
  const { left, createdAt } = recoveryCodes;
  return (
    <Section title={c.title}>
      <RowList label={c.title}>
        <Row
          icon={<IconLifebuoy size={22} aria-hidden />}
          title={c.left(left)}
          note={`${c.made(dayText(createdAt))}${left < few ? ` · ${c.few}` : ""}`}
          actions={
            <Button variant="default" size="xs" onClick={() => setAsking(true)}>
              {c.renew}
            </Button>
          }
        />
      </RowList>
      <ConfirmDialog
        title={c.renewTitle}
        action={c.renew}
        opened={asking}
        busy={renew.isPending}
        error={renew.error}
        onConfirm={() => renew.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className={styles.plain}>{c.renewLead}</p>
      </ConfirmDialog>
    </Section>
  );
}
