import type { Analytics } from "@foyer/protocol";
import { SegmentedControl } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { alertsTexts } from "../alerts/alerts.texts.ts";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import { deliveriesTexts } from "../deliveries/deliveries.texts.ts";
import styles from "./analytics.module.css";
import { analyticsTexts as t } from "./analytics.texts.ts";
import { DeliveriesByDay, LatencyByDay } from "./day.charts.tsx";
import { durationText } from "./duration.text.ts";

const spans = [7, 30, 90];
const standard = 30;
const refreshMs = 30_000;

/** How many alerts were sent, how fast, and what failed. */
export function AnalyticsSection({ guild }: GuildSectionProps) {
  const client = useClient();
  const navigate = useNavigate();
  const { guildId } = guild;
  const { days: asked } = useSearch({ from: "/shell/alerts/$guildId/$" });
  const days = spans.find((each) => each === asked) ?? standard;
  const query = useQuery({
    queryKey: ["guilds", guildId, "analytics", days],
    queryFn: ({ signal }) => client.api.getAnalytics({ params: { guildId }, query: { days }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const isEmpty = query.data !== undefined && query.data.sent + query.data.failed + query.data.waiting === 0;
  return (
    <>
      <Section
        title={t.title}
        lead={t.lead}
        aside={
          <SegmentedControl
            aria-label={t.span}
            value={String(days)}
            data={spans.map((span) => ({ value: String(span), label: t.days(span) }))}
            onChange={(value) =>
              void navigate({
                to: "/alerts/$guildId/$",
                params: { guildId, _splat: "analytics" },
                search: Number(value) === standard ? {} : { days: Number(value) },
                replace: true,
              })
            }
          />
        }
      >
        {query.isPending && <LoadingState rows={6} />}
        {query.isError && query.data === undefined && (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        )}
        {isEmpty && <EmptyState icon={<IconChartBar size={28} aria-hidden />} title={t.none} hint={t.noneHint} />}
        {query.data !== undefined && !isEmpty && <Figures data={query.data} />}
      </Section>
      {query.data !== undefined && !isEmpty && <Details data={query.data} />}
    </>
  );
}

function Figures({ data }: { data: Analytics }) {
  return (
    <dl className={styles.figures} aria-label={t.figures.label}>
      <Figure name={t.figures.alerts} hint={t.figures.alertsHint}>
        {data.alerts.toLocaleString()}
      </Figure>
      <Figure name={t.figures.sent} hint={t.figures.sentHint}>
        {data.sent.toLocaleString()}
      </Figure>
      <Figure name={t.figures.failed} hint={t.figures.failedHint}>
        {data.failed.toLocaleString()}
      </Figure>
      <Figure name={t.figures.waiting} hint={t.figures.waitingHint}>
        {data.waiting.toLocaleString()}
      </Figure>
    </dl>
  );
}

function Details({ data }: { data: Analytics }) {
  const { p50, p95, p99 } = data.latency;
  return (
    <>
      <Section title={t.perDay}>
        <DeliveriesByDay days={data.days} />
      </Section>
      <Section title={t.latency} lead={t.latencyLead}>
        <dl className={styles.figures}>
          <Figure name={t.quantiles.p50}>{durationText(p50)}</Figure>
          <Figure name={t.quantiles.p95}>{durationText(p95)}</Figure>
          <Figure name={t.quantiles.p99}>{durationText(p99)}</Figure>
        </dl>
        <LatencyByDay days={data.days} />
      </Section>
      <Section title={t.kinds}>
        <Kinds kinds={data.byDestination} />
      </Section>
      <Section title={t.failures}>
        <Failures failures={data.failures} />
      </Section>
    </>
  );
}

function Figure({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd>
        <span className={styles.value}>{children}</span>
        {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      </dd>
    </div>
  );
}

function Kinds({ kinds }: { kinds: Analytics["byDestination"] }) {
  return (
    <div className={styles.scroll} tabIndex={0} data-scrolls>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.kind}</th>
            <th scope="col">{t.series.sent}</th>
            <th scope="col">{t.series.failed}</th>
            <th scope="col">{t.quantiles.p50}</th>
            <th scope="col">{t.quantiles.p95}</th>
            <th scope="col">{t.quantiles.p99}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map(({ kind, sent, failed, latency }) => (
            <tr key={kind}>
              <th scope="row">{alertsTexts.kinds[kind]}</th>
              <td>{sent.toLocaleString()}</td>
              <td>{failed.toLocaleString()}</td>
              <td>{durationText(latency.p50)}</td>
              <td>{durationText(latency.p95)}</td>
              <td>{durationText(latency.p99)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Failures({ failures }: { failures: Analytics["failures"] }) {
  if (failures.length === 0) return <p className={styles.quiet}>{t.noFailures}</p>;
  return (
    <div className={styles.scroll} tabIndex={0} data-scrolls>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.reason}</th>
            <th scope="col">{t.count}</th>
          </tr>
        </thead>
        <tbody>
          {failures.map(({ reason, count }) => (
            <tr key={reason}>
              <th scope="row" className={styles.words}>
                {deliveriesTexts.reasons[reason]}
              </th>
              <td>{count.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
