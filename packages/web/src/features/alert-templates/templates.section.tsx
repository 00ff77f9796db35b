import type { Destination } from "@foyer/protocol";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { destinationsQuery, guildConfigQuery } from "../alerts/alerts.queries.ts";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { OverrideFields } from "./override.fields.tsx";
import { overridesQuery } from "./overrides.query.ts";
import { TemplateEditor } from "./template.editor.tsx";
import { templateTarget } from "./template.target.ts";
import styles from "./templates.module.css";
import { templatesTexts as t } from "./templates.texts.ts";

/** Templates of a server, of its destinations, and of these for single streamers. The address says which is edited. */
export function TemplatesSection({ guild }: GuildSectionProps) {
  const client = useClient();
  const { guildId } = guild;
  const { destinationId = "", streamerId = "" } = useSearch({ from: "/shell/alerts/$guildId/$" });
  const config = useQuery(guildConfigQuery(client, guildId));
  const destinations = useQuery(destinationsQuery(client, guildId));
  const destination = destinations.data?.items.find((each) => each.destinationId === destinationId);
  const overrides = useQuery({
    ...overridesQuery(client, guildId, destinationId),
    enabled: destination !== undefined,
  });
  const override = overrides.data?.items.find(({ streamer }) => streamer.streamerId === streamerId);
  const failed = [config, destinations, overrides].find((query) => query.isError && query.data === undefined);
  const isPending =
    config.data === undefined || destinations.data === undefined || (destination !== undefined && overrides.isPending);
  return (
    <Section title={t.title} lead={t.lead}>
      {failed !== undefined && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {failed === undefined && isPending && <LoadingState rows={6} />}
      {failed === undefined && !isPending && (
        <>
          <Choice
            guildId={guildId}
            destinations={destinations.data.items}
            destinationId={destination?.destinationId ?? ""}
            streamerId={override?.streamer.streamerId ?? ""}
            streamers={(overrides.data?.items ?? []).map(({ streamer }) => streamer)}
          />
          {destination !== undefined && override !== undefined && (
            <OverrideFields
              key={`${destinationId} ${streamerId}`}
              guildId={guildId}
              destination={destination}
              override={override}
            />
          )}
          <TemplateEditor
            key={`${destination?.destinationId ?? ""} ${override?.streamer.streamerId ?? ""}`}
            guildId={guildId}
            target={templateTarget(config.data, destination, override)}
          />
        </>
      )}
    </Section>
  );
}

interface ChoiceProps {
  guildId: string;
  destinations: readonly Destination[];
  destinationId: string;
  streamers: readonly { streamerId: string; displayName: string }[];
  streamerId: string;
}

function Choice({ guildId, destinations, destinationId, streamers, streamerId }: ChoiceProps) {
  const navigate = useNavigate();
  // Phones show one line that Foyer writes; all others can be told what to say.
  const choosable = destinations.filter(({ kind }) => kind !== "push");
  const go = (search: { destinationId?: string; streamerId?: string }) =>
    void navigate({ to: "/alerts/$guildId/$", params: { guildId, _splat: "templates" }, search });
  return (
    <div className={styles.choice}>
      <NativeSelect
        label={t.of}
        value={destinationId}
        data={[
          { value: "", label: t.server },
          ...choosable.map((each) => ({ value: each.destinationId, label: each.name })),
        ]}
        onChange={({ currentTarget: { value } }) => go(value === "" ? {} : { destinationId: value })}
      />
      {destinationId !== "" && (
        <NativeSelect
          label={t.forWhom}
          value={streamerId}
          data={[
            { value: "", label: t.everybody },
            ...streamers.map((each) => ({ value: each.streamerId, label: each.displayName })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            go(value === "" ? { destinationId } : { destinationId, streamerId: value })
          }
        />
      )}
    </div>
  );
}
