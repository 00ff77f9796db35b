import type { Guild } from "@foyer/protocol";
import { Button } from "@mantine/core";
import {
  IconBroadcast,
  IconChartBar,
  IconHistory,
  IconMap,
  IconSend,
  IconSettings,
  IconTemplate,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type ComponentType, type ReactNode, Suspense } from "react";
import { useClient } from "../../app/client.context.tsx";
import { errorCode } from "../../ui/error.text.ts";
import { IconButton } from "../../ui/icon.button.tsx";
import { onDemand } from "../../ui/on.demand.tsx";
import { SectionsFrame } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { RoomsButton } from "../shell/rooms.button.tsx";
import { guildQuery } from "./alerts.queries.ts";
import { alertsTexts as t } from "./alerts.texts.ts";
import { GuildMark } from "./guild.mark.tsx";

/** What each section of a server's alerts is given. */
export interface GuildSectionProps {
  guild: Guild;
}

interface GuildSection {
  id: keyof Omit<typeof t.sections, "label">;
  icon: ReactNode;
  View: ComponentType<GuildSectionProps>;
  wide?: boolean;
}

const Guide = onDemand(async () => (await import("../alert-guide/guide.section.tsx")).GuideSection).View;
const Streamers = onDemand(async () => (await import("../streamers/streamers.section.tsx")).StreamersSection).View;
const Destinations = onDemand(
  async () => (await import("../destinations/destinations.section.tsx")).DestinationsSection,
).View;
const Templates = onDemand(
  async () => (await import("../alert-templates/templates.section.tsx")).TemplatesSection,
).View;
const Deliveries = onDemand(async () => (await import("../deliveries/deliveries.section.tsx")).DeliveriesSection).View;
const Analytics = onDemand(async () => (await import("../analytics/analytics.section.tsx")).AnalyticsSection).View;
const Settings = onDemand(
  async () => (await import("../guild-settings/guild-settings.section.tsx")).GuildSettingsSection,
).View;

const sections: readonly GuildSection[] = [
  { id: "guide", icon: <IconMap size={18} aria-hidden />, View: Guide },
  { id: "streamers", icon: <IconBroadcast size={18} aria-hidden />, View: Streamers },
  { id: "destinations", icon: <IconSend size={18} aria-hidden />, View: Destinations },
  { id: "templates", icon: <IconTemplate size={18} aria-hidden />, View: Templates, wide: true },
  { id: "deliveries", icon: <IconHistory size={18} aria-hidden />, View: Deliveries, wide: true },
  { id: "analytics", icon: <IconChartBar size={18} aria-hidden />, View: Analytics, wide: true },
  { id: "settings", icon: <IconSettings size={18} aria-hidden />, View: Settings },
];

/** All about the alerts of one server, one section at a time; the address says which. */
export function GuildPage() {
  const { guildId, _splat } = useParams({ from: "/shell/alerts/$guildId/$" });
  const guild = useQuery(guildQuery(useClient(), guildId));
  const active = sections.find((section) => section.id === _splat) ?? sections[0];
  if (guild.isError && ["guild.not_found", "guild.forbidden", "request.invalid"].includes(errorCode(guild.error))) {
    return (
      <SectionsFrame title={t.title} before={<RoomsButton />} label={t.sections.label} active="" sections={[]}>
        <EmptyState title={t.gone} hint={t.goneHint} action={<OtherButton />} />
      </SectionsFrame>
    );
  }
  if (guild.data === undefined || active === undefined) {
    return (
      <SectionsFrame title={t.title} before={<RoomsButton />} label={t.sections.label} active="" sections={[]}>
        {guild.isError ? (
          <ErrorState error={guild.error} onRetry={() => void guild.refetch()} />
        ) : (
          <LoadingState rows={6} />
        )}
      </SectionsFrame>
    );
  }
  return (
    <SectionsFrame
      title={guildId === "here" ? t.servers.here : guild.data.name}
      before={<Before guild={guild.data} />}
      label={t.sections.label}
      active={active.id}
      wide={active.wide === true}
      sections={sections.map(({ id, icon }) => ({
        id,
        icon,
        label: t.sections[id],
        path: `/alerts/${guildId}/${id}`,
      }))}
    >
      <Suspense fallback={<LoadingState rows={6} />}>
        <active.View guild={guild.data} />
      </Suspense>
    </SectionsFrame>
  );
}

function Before({ guild }: GuildSectionProps) {
  return (
    <>
      <RoomsButton />
      <IconButton label={t.other} renderRoot={(root) => <Link to="/alerts" {...root} />}>
        <GuildMark {...guild} size={28} />
      </IconButton>
    </>
  );
}

function OtherButton() {
  return (
    <Button variant="default" renderRoot={(root) => <Link to="/alerts" {...root} />}>
      {t.other}
    </Button>
  );
}
