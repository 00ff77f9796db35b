import "@mantine/charts/styles.layer.css";
import type { Analytics } from "@foyer/protocol";
import { BarChart, LineChart } from "@mantine/charts";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import styles from "./analytics.module.css";
import { analyticsTexts as t } from "./analytics.texts.ts";
import { durationText } from "./duration.text.ts";

type Day = Analytics["days"][number];

const height = 240;
/** The same frame for all charts: few lines, and numbers that stand still. */
const frame = {
  h: height,
  dataKey: "label",
  gridAxis: "x" as const,
  tickLine: "none" as const,
  withLegend: true,
  legendProps: { verticalAlign: "top" as const, align: "left" as const, height: 40 },
};

/** Dates of the API are days in UTC, and stay that. */
const dayFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const dayText = (day: string) => dayFormat.format(new Date(`${day}T00:00:00Z`));

/** How many deliveries arrived and failed on each day. */
export function DeliveriesByDay({ days }: { days: readonly Day[] }) {
  return (
    <Figure
      title={t.perDay}
      columns={[t.series.sent, t.series.failed]}
      rows={days.map(({ day, sent, failed }) => [dayText(day), sent.toLocaleString(), failed.toLocaleString()])}
    >
      <BarChart
        {...frame}
        type="stacked"
        data={days.map((each) => ({ ...each, label: dayText(each.day) }))}
        series={[
          { name: "sent", label: t.series.sent, color: "var(--f-accent)" },
          { name: "failed", label: t.series.failed, color: "var(--f-danger)" },
        ]}
        yAxisProps={{ allowDecimals: false, width: 44 }}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false, maxBarSize: 32 }}
      />
    </Figure>
  );
}

/** How long deliveries took on each day. Days without any are left out of the line. */
export function LatencyByDay({ days }: { days: readonly Day[] }) {
  return (
    <Figure
      title={t.latencyPerDay}
      columns={[t.series.p50, t.series.p95]}
      rows={days.map(({ day, p50, p95 }) => [dayText(day), durationText(p50), durationText(p95)])}
    >
      <LineChart
        {...frame}
        data={days.map((each) => ({ ...each, label: dayText(each.day) }))}
        series={[
          { name: "p50", label: t.series.p50, color: "var(--f-accent)" },
          { name: "p95", label: t.series.p95, color: "var(--f-muted)", strokeDasharray: "4 4" },
        ]}
        curveType="linear"
        connectNulls={false}
        valueFormatter={durationText}
        yAxisProps={{ width: 64 }}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: false }}
      />
    </Figure>
  );
}

interface FigureProps {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  children: ReactNode;
}

/** A chart, or the same as a table: for those who cannot see it, or want the numbers. */
function Figure({ title, columns, rows, children }: FigureProps) {
  const [isTable, setTable] = useState(false);
  const label = isTable ? t.asChart : t.asTable;
  return (
    <figure className={styles.chart}>
      {isTable ? (
        <div className={styles.scroll} tabIndex={0} data-scrolls>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t.day}</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([day, ...values]) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  {values.map((value, index) => (
                    <td key={columns[index]}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        // The table says the same in words; a picture of bars has none.
        <div aria-hidden>{children}</div>
      )}
      <Button variant="subtle" size="xs" aria-label={`${label}: ${title}`} onClick={() => setTable(!isTable)}>
        {label}
      </Button>
    </figure>
  );
}
