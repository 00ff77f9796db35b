import type { AuthStatus } from "@foyer/protocol";
import { Badge } from "@mantine/core";
import { IconFingerprint, IconMail, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { serverQuery } from "../../app/server.query.ts";
import { CopyButton } from "../../ui/copy.button.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { ProviderMark } from "../auth/provider.mark.tsx";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";
import { neededText } from "./integration.needs.ts";

const t = adminTexts.integrations;

/** What is set up on this server, and what is missing for the rest. */
export function IntegrationsSections() {
  const client = useClient();
  const status = useQuery({ queryKey: ["auth-status"], queryFn: ({ signal }) => client.api.authStatus({ signal }) });
  const server = useQuery(serverQuery(client));
  const features = server.data?.features;
  return (
    <>
      <Section title={t.title} lead={t.lead}>
        {status.isPending && <LoadingState rows={4} />}
        {status.isError && <ErrorState error={status.error} onRetry={() => void status.refetch()} />}
        {status.isSuccess && (
          <RowList label={t.list}>
            {status.data.providers.map((provider) => (
              <ProviderRow key={provider.provider} status={provider} />
            ))}
          </RowList>
        )}
      </Section>
      <Section title={t.others} lead={t.othersLead}>
        {server.isPending && <LoadingState rows={3} />}
        {server.isError && <ErrorState error={server.error} onRetry={() => void server.refetch()} />}
        {features !== undefined && (
          <RowList label={t.othersList}>
            <AbilityRow
              icon={<IconMail size={22} aria-hidden />}
              name={t.email}
              on={features["email"] === true}
              words={features["email"] === true ? t.emailOn : t.emailOff}
            />
            <AbilityRow
              icon={<IconFingerprint size={22} aria-hidden />}
              name={t.passkeys}
              on={features["passkeys"] === true}
              words={features["passkeys"] === true ? t.passkeysOn : t.passkeysOff}
            />
            <AbilityRow
              icon={<IconUserPlus size={22} aria-hidden />}
              name={t.registration}
              on={features["registration"] === true}
              states={[t.open, t.closed]}
              words={features["registration"] === true ? t.registrationOn : t.registrationOff}
            />
          </RowList>
        )}
        <p className={styles.note}>{t.guide}</p>
      </Section>
    </>
  );
}

function ProviderRow({ status }: { status: AuthStatus["providers"][number] }) {
  const { provider, name, configured, redirectUri } = status;
  return (
    <Row
      icon={<ProviderMark provider={provider} size={22} />}
      title={
        <>
          <span>{name}</span>
          <OnBadge on={configured} />
        </>
      }
      note={
        <>
          {!configured && <div>{t.needs(neededText(provider))}</div>}
          <div>
            {t.redirect(name)} <code>{redirectUri}</code>
          </div>
        </>
      }
      actions={<CopyButton text={redirectUri} label={t.copy} size="xs" named={t.copyNamed(name)} />}
    />
  );
}

interface AbilityProps {
  icon: ReactNode;
  name: string;
  on: boolean;
  words: string;
  states?: readonly [on: string, off: string];
}

function AbilityRow({ icon, name, on, words, states }: AbilityProps) {
  return (
    <Row
      icon={icon}
      title={
        <>
          <span>{name}</span>
          <OnBadge on={on} states={states} />
        </>
      }
      note={words}
    />
  );
}

function OnBadge({ on, states }: { on: boolean; states?: readonly [on: string, off: string] | undefined }) {
  const [yes, no] = states ?? [t.on, t.off];
  return (
    <Badge variant="light" color={on ? "brass" : "gray"}>
      {on ? yes : no}
    </Badge>
  );
}
