import type { Guild } from "@foyer/protocol";
import { Badge, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section, SectionsFrame } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { RoomsButton } from "../shell/rooms.button.tsx";
import styles from "./alerts.module.css";
import { guildsQuery } from "./alerts.queries.ts";
import { alertsTexts } from "./alerts.texts.ts";
import { GuildMark } from "./guild.mark.tsx";

const t = alertsTexts.servers;

/** The servers where one may manage alerts. */
export function ServersPage() {
  const guilds = useQuery({ ...guildsQuery(useClient()), refetchOnWindowFocus: "always" });
  return (
    <SectionsFrame title={alertsTexts.title} before={<RoomsButton />} label="" active="" sections={[]}>
      <Section title={t.title} lead={t.lead}>
        {guilds.isPending && <LoadingState rows={4} />}
        {guilds.isError && <ErrorState error={guilds.error} onRetry={() => void guilds.refetch()} />}
        {guilds.isSuccess && guilds.data.items.length === 0 && <NoServer />}
        {guilds.isSuccess && guilds.data.items.length > 0 && (
          <>
            <RowList label={t.list}>
              {guilds.data.items.map((guild) => (
                <GuildRow key={guild.guildId} guild={guild} />
              ))}
            </RowList>
            <p className={styles.aside}>{t.missing}</p>
          </>
        )}
        <p className={styles.aside}>
          {t.own}{" "}
          <Link to="/settings/$" params={{ _splat: "notifications" }}>
            {t.ownLink}
          </Link>
        </p>
      </Section>
    </SectionsFrame>
  );
}

function GuildRow({ guild }: { guild: Guild }) {
  const isHere = guild.guildId === "here";
  return (
    <Row
      icon={<GuildMark {...guild} size={28} />}
      title={
        <>
          <span>{isHere ? t.here : guild.name}</span>
          {!guild.botInstalled && (
            <Badge variant="light" color="gray">
              {t.noBot}
            </Badge>
          )}
        </>
      }
      note={isHere ? t.hereNote : t.discord}
      actions={
        <>
          {!guild.botInstalled && guild.installUrl !== null && (
            <Button
              component="a"
              href={guild.installUrl}
              target="_blank"
              rel="noopener"
              size="xs"
              variant="default"
              aria-label={t.installNamed(guild.name)}
            >
              {t.install}
            </Button>
          )}
          <Button
            size="xs"
            aria-label={t.openNamed(isHere ? t.here : guild.name)}
            renderRoot={(root) => (
              <Link to="/alerts/$guildId/$" params={{ guildId: guild.guildId, _splat: "" }} {...root} />
            )}
          >
            {t.open}
          </Button>
        </>
      }
    />
  );
}

function NoServer() {
  return (
    <EmptyState
      title={t.none}
      hint={t.noneHint}
      action={
        <Button renderRoot={(root) => <Link to="/settings/$" params={{ _splat: "sign-in" }} {...root} />}>
          {t.link}
        </Button>
      }
    />
  );
}
