import type { Destination } from "@foyer/protocol";
import { Badge, Button, Switch } from "@mantine/core";
import { IconPlus, IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo, sayError } from "../../ui/undo.toast.tsx";
import { destinationsQuery } from "../alerts/alerts.queries.ts";
import { DestinationIcon } from "../alerts/destination.icon.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { AddDestinationDialog } from "./add.dialog.tsx";
import { ChangeDestinationDialog } from "./change.dialog.tsx";
import styles from "./destinations.module.css";
import { destinationsTexts as t } from "./destinations.texts.ts";
import { TestButton, type TestOutcome, TestOutcomeLine } from "./test.button.tsx";

/** Where the alerts of a server go. */
export function DestinationsSection({ guild }: GuildSectionProps) {
  const client = useClient();
  const queries = useQueryClient();
  const { guildId } = guild;
  const list = destinationsQuery(client, guildId);
  const query = useQuery(list);
  const [adding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const shown = (query.data?.items ?? []).filter(({ destinationId }) => !removed.has(destinationId));

  const remove = ({ destinationId, name }: Destination) => {
    setRemoved((before) => new Set(before).add(destinationId));
    deferWithUndo({
      message: t.removed(name),
      commit: async () => {
        await client.api.deleteDestination({ params: { guildId, destinationId } });
        await queries.invalidateQueries({ queryKey: list.queryKey });
      },
      restore: () => setRemoved((before) => new Set([...before].filter((id) => id !== destinationId))),
    });
  };

  return (
    <Section
      title={t.title}
      lead={t.lead}
      aside={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {t.add}
        </Button>
      }
    >
      {query.isPending && <LoadingState rows={4} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && shown.length === 0 && (
        <EmptyState icon={<IconSend size={28} aria-hidden />} title={t.none} hint={t.noneHint} />
      )}
      {shown.length > 0 && (
        <RowList label={t.list}>
          {shown.map((destination) => (
            <DestinationRow
              key={destination.destinationId}
              guildId={guildId}
              destination={destination}
              onRemove={() => remove(destination)}
            />
          ))}
        </RowList>
      )}
      <AddDestinationDialog guildId={guildId} opened={adding} onClose={() => setAdding(false)} />
    </Section>
  );
}

interface DestinationRowProps {
  guildId: string;
  destination: Destination;
  onRemove: () => void;
}

function DestinationRow({ guildId, destination, onRemove }: DestinationRowProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [changing, setChanging] = useState(false);
  const [outcome, setOutcome] = useState<TestOutcome>();
  const { destinationId, name, kind, target, enabled, offReason, template } = destination;
  const turn = useMutation({
    mutationFn: (on: boolean) =>
      client.api.updateDestination({ params: { guildId, destinationId }, body: { enabled: on } }),
    onError: sayError,
    onSettled: () => queries.invalidateQueries({ queryKey: destinationsQuery(client, guildId).queryKey }),
  });
  return (
    <Row
      icon={<DestinationIcon kind={kind} />}
      title={
        <>
          <span>{name}</span>
          {!enabled && (
            <Badge variant="light" color={offReason === null ? "gray" : "red"}>
              {t.off}
            </Badge>
          )}
          {template !== null && (
            <Badge variant="light" color="gray">
              {t.own}
            </Badge>
          )}
        </>
      }
      note={
        <>
          <div>
            {t.kinds[kind]}
            {kind === "webhook" && target !== "" && ` · ${target}`}
          </div>
          {offReason !== null && <div className={styles.warn}>{t.offReasons[offReason]}</div>}
          <TestOutcomeLine outcome={outcome} />
        </>
      }
      actions={
        <>
          <Switch
            className={styles.switch}
            aria-label={t.on(name)}
            checked={turn.isPending ? turn.variables : enabled}
            onChange={(event) => turn.mutate(event.currentTarget.checked)}
          />
          <TestButton guildId={guildId} destination={destination} onOutcome={setOutcome} />
          <Button
            variant="default"
            size="xs"
            aria-label={t.templateNamed(name)}
            renderRoot={(root) => (
              <Link
                to="/alerts/$guildId/$"
                params={{ guildId, _splat: "templates" }}
                search={{ destinationId }}
                {...root}
              />
            )}
          >
            {t.template}
          </Button>
          <Button variant="default" size="xs" aria-label={t.changeNamed(name)} onClick={() => setChanging(true)}>
            {t.change}
          </Button>
          <Button variant="default" size="xs" aria-label={t.removeNamed(name)} onClick={onRemove}>
            {t.remove}
          </Button>
          {changing && (
            <ChangeDestinationDialog guildId={guildId} destination={destination} onClose={() => setChanging(false)} />
          )}
        </>
      }
    />
  );
}
