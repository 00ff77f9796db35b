import type { Preferences } from "@foyer/protocol";
import { TextInput } from "@mantine/core";
import { IconBell, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { providersQuery } from "../../app/server.query.ts";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { GuildMark } from "../alerts/guild.mark.tsx";
import { ConnectButton } from "../links/connect.button.tsx";
import styles from "./notifications.module.css";
import { devicesQuery, preferencesQuery } from "./notifications.queries.ts";
import { notificationsTexts } from "./notifications.texts.ts";
import { groupsOf, type PreferenceGroup } from "./preference.groups.ts";
import { PreferenceRow } from "./preference.row.tsx";

const t = notificationsTexts.streamers;

/** From so many streamers on there is a field to find one. */
const many = 9;

/** By whom and by which way one wants to hear, server by server. */
export function PreferencesSection() {
  const client = useClient();
  const query = useQuery(preferencesQuery(client));
  const devices = useQuery(devicesQuery(client));
  // Both, so that nothing moves under a finger when the later one comes.
  const pending = query.isPending || (query.isSuccess && devices.isPending);
  return (
    <Section title={notificationsTexts.title} lead={notificationsTexts.lead}>
      {pending && <LoadingState rows={5} />}
      {query.isError && query.data === undefined && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!pending && query.data !== undefined && (
        <>
          {query.data.items.length === 0 ? (
            <EmptyState icon={<IconBell size={28} aria-hidden />} title={t.empty} hint={t.emptyHint} />
          ) : (
            <Choices preferences={query.data} hasDevice={devices.data?.items.length !== 0} />
          )}
          {!query.data.discordLinked && <LinkHint />}
        </>
      )}
    </Section>
  );
}

function Choices({ preferences, hasDevice }: { preferences: Preferences; hasDevice: boolean }) {
  const [search, setSearch] = useState("");
  const groups = groupsOf(preferences.items, search);
  const wantsPush = preferences.items.some(({ push }) => push);
  return (
    <>
      {wantsPush && !hasDevice && <p className={styles.hint}>{t.noDevice}</p>}
      {preferences.items.length >= many && (
        <TextInput
          className={styles.search ?? ""}
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <p role="status" className={groups.length === 0 ? styles.note : "visually-hidden"}>
        {groups.length === 0 ? t.noHit(search) : ""}
      </p>
      {groups.map((group) => (
        <Group key={group.guildId} group={group} discordLinked={preferences.discordLinked} />
      ))}
    </>
  );
}

function Group({ group, discordLinked }: { group: PreferenceGroup; discordLinked: boolean }) {
  const isHere = group.guildId === "here";
  const name = isHere ? t.here : group.guildName;
  const mentions = group.items.some(({ discord }) => discord !== null);
  return (
    <div className={styles.group}>
      <div className={styles.groupHead}>
        <GuildMark guildId={group.guildId} name={name} iconUrl={null} size={24} />
        <h3 className={styles.groupName}>{name}</h3>
        {mentions && <span className={styles.column}>{t.discord}</span>}
        <span className={styles.column}>{t.push}</span>
      </div>
      <ul className={styles.rows} aria-label={t.list(name)}>
        {group.items.map((item) => (
          <PreferenceRow key={item.streamer.streamerId} item={item} guildName={name} />
        ))}
      </ul>
      {!isHere && discordLinked && !mentions && <p className={styles.note}>{t.noFollowers}</p>}
    </div>
  );
}

function LinkHint() {
  const offer = useQuery(providersQuery(useClient())).data?.items.find(({ provider }) => provider === "discord");
  if (offer === undefined) return null;
  return (
    <div className={styles.card}>
      <p className={styles.cardText}>{t.linkNote}</p>
      <ConnectButton
        provider="discord"
        name={offer.name}
        page="/settings/notifications"
        label={t.link}
        variant="default"
      />
    </div>
  );
}
