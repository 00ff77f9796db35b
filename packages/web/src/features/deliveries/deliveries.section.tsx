import type { Delivery, DeliveryState } from "@foyer/protocol";
import { Badge, Button, SegmentedControl } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ListStatus, MoreButton, usePaged } from "../../ui/paged.query.tsx";
import { Row, RowList } from "../../ui/row.list.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { When } from "../../ui/when.text.tsx";
import { DestinationIcon } from "../alerts/destination.icon.tsx";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import styles from "./deliveries.module.css";
import { deliveriesTexts as t } from "./deliveries.texts.ts";
import { DeliveryDialog } from "./delivery.dialog.tsx";

const states = ["waiting", "sent", "failed"] as const;
const colours = { waiting: "gray", sent: "brass", failed: "red" } as const;

/** What waits is looked at often, what is settled now and then: another alert may have begun. */
const waitingMs = 3000;
const settledMs = 15_000;

/** Under which all pages of a server's history are cached. */
const deliveriesKey = (guildId: string) => ["guilds", guildId, "deliveries"] as const;

/** What became of each alert, at each destination. */
export function DeliveriesSection({ guild }: GuildSectionProps) {
  const client = useClient();
  const navigate = useNavigate();
  const { guildId } = guild;
  const { state: asked } = useSearch({ from: "/shell/alerts/$guildId/$" });
  const state: DeliveryState | undefined = states.find((each) => each === asked);
  const [shown, setShown] = useState<Delivery>();
  const query = usePaged<Delivery>({
    key: [...deliveriesKey(guildId), "list", state ?? "all"],
    load: (cursor, signal) =>
      client.api.listDeliveries({
        params: { guildId },
        query: { limit: 30, ...(state === undefined ? {} : { state }), ...(cursor === undefined ? {} : { cursor }) },
        signal,
      }),
    refetchInterval: (items) => (items.some((each) => each.state === "waiting") ? waitingMs : settledMs),
  });
  const { items } = query;
  return (
    <Section title={t.title} lead={t.lead}>
      <SegmentedControl
        className={styles.filter}
        aria-label={t.filter}
        value={state ?? "all"}
        data={(["all", ...states] as const).map((value) => ({ value, label: t.filters[value] }))}
        onChange={(value) =>
          void navigate({
            to: "/alerts/$guildId/$",
            params: { guildId, _splat: "deliveries" },
            search: value === "all" ? {} : { state: value },
            replace: true,
          })
        }
      />
      <ListStatus pending={query.isPending} text={t.loaded(items.length)} />
      {query.isPending && <LoadingState rows={6} />}
      {query.isError && items.length === 0 && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && (
        <EmptyState
          icon={<IconHistory size={28} aria-hidden />}
          title={state === undefined ? t.none : t.noneOf}
          hint={state === undefined ? t.noneHint : t.noneOfHint}
        />
      )}
      {items.length > 0 && (
        <RowList label={t.list}>
          {items.map((delivery) => (
            <DeliveryRow
              key={delivery.deliveryId}
              guildId={guildId}
              delivery={delivery}
              onDetails={() => setShown(delivery)}
            />
          ))}
        </RowList>
      )}
      <MoreButton query={query} label={t.more} />
      {shown !== undefined && <DeliveryDialog guildId={guildId} delivery={shown} onClose={() => setShown(undefined)} />}
    </Section>
  );
}

interface DeliveryRowProps {
  guildId: string;
  delivery: Delivery;
  onDetails: () => void;
}

function DeliveryRow({ guildId, delivery, onDetails }: DeliveryRowProps) {
  const { streamerName, destinationName, streamTitle, state, url, latencyMs, startedAt } = delivery;
  return (
    <Row
      icon={<DestinationIcon kind={delivery.kind} />}
      title={
        <>
          <span>{streamerName}</span>
          <Badge variant="light" color={colours[state]}>
            {t.states[state]}
          </Badge>
          {latencyMs !== null && (
            <span className={styles.latency} title={t.latencyHint}>
              {t.latency(latencyMs)}
            </span>
          )}
        </>
      }
      note={
        <>
          <div className={styles.stream}>{streamTitle === "" ? t.untitled : streamTitle}</div>
          <div>
            {destinationName} · <When at={startedAt} />
            <Tries delivery={delivery} />
          </div>
          {delivery.reason !== null && state !== "sent" && (
            <div className={state === "failed" ? styles.warn : undefined}>{t.reasons[delivery.reason]}</div>
          )}
        </>
      }
      actions={
        <>
          {state === "failed" && <RetryButton guildId={guildId} delivery={delivery} />}
          {url !== null && (
            <Button
              component="a"
              href={url}
              target="_blank"
              rel="noopener"
              variant="default"
              size="xs"
              aria-label={t.openNamed(destinationName)}
            >
              {t.open}
            </Button>
          )}
          <Button
            variant="default"
            size="xs"
            aria-label={t.detailsNamed(streamerName, destinationName)}
            onClick={onDetails}
          >
            {t.details}
          </Button>
        </>
      }
    />
  );
}

/** What is out of the ordinary: tries that did not work, one to come, phones. */
function Tries({ delivery }: { delivery: Delivery }) {
  const { attempts, state, nextTryAt, kind, recipients, failedRecipients } = delivery;
  return (
    <>
      {kind === "push" && ` · ${t.recipients(recipients)}`}
      {failedRecipients > 0 && kind === "push" && ` · ${t.failedOf(failedRecipients)}`}
      {state !== "sent" && attempts > 0 && ` · ${t.tries(attempts)}`}
      {state === "waiting" && nextTryAt !== null && (
        <>
          {" · "}
          {t.nextTry(new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(new Date(nextTryAt)))}
        </>
      )}
    </>
  );
}

function RetryButton({ guildId, delivery }: { guildId: string; delivery: Delivery }) {
  const client = useClient();
  const queries = useQueryClient();
  const { deliveryId, streamerName, destinationName } = delivery;
  const retry = useMutation({
    mutationFn: () => client.api.retryDelivery({ params: { guildId, deliveryId } }),
    onSuccess: () => say(t.retried),
    onError: sayError,
    onSettled: () => queries.invalidateQueries({ queryKey: deliveriesKey(guildId) }),
  });
  return (
    <Button
      size="xs"
      loading={retry.isPending}
      aria-label={t.retryNamed(streamerName, destinationName)}
      onClick={() => retry.mutate()}
    >
      {t.retry}
    </Button>
  );
}
