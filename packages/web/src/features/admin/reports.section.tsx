import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ListStatus, MoreButton, usePaged } from "../../ui/paged.query.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { reportsKey } from "./admin.keys.ts";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";
import { ReportCard } from "./report.card.tsx";

const t = adminTexts.reports;

/** Reports of members, open or closed, with what can be done about them. */
export function ReportsSection() {
  const client = useClient();
  const [state, setState] = useState<"open" | "closed">("open");
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const query = usePaged({
    key: [...reportsKey, state],
    load: (cursor, signal) => client.api.listReports({ query: { state, ...(cursor ? { cursor } : {}) }, signal }),
  });
  const shown = query.items.filter((report) => state === "closed" || !hidden.has(report.reportId));
  const hide = (reportId: string, away: boolean) =>
    setHidden((before) => {
      const next = new Set(before);
      if (away) next.add(reportId);
      else next.delete(reportId);
      return next;
    });
  const choice = (
    <SegmentedControl
      aria-label={t.state}
      value={state}
      onChange={(value) => setState(value === "closed" ? "closed" : "open")}
      data={[
        { value: "open", label: t.open },
        { value: "closed", label: t.closed },
      ]}
    />
  );
  return (
    <Section title={t.title} lead={t.lead} aside={choice}>
      <ListStatus pending={query.isPending} text={t.found(shown.length)} />
      {query.isPending && <LoadingState rows={5} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && shown.length === 0 && (
        <EmptyState
          title={state === "open" ? t.empty : t.emptyClosed}
          {...(state === "open" ? { hint: t.emptyHint } : {})}
        />
      )}
      {shown.length > 0 && (
        <ul className={styles.cards} aria-label={t.list}>
          {shown.map((report) => (
            <ReportCard key={report.reportId} report={report} onHide={(away) => hide(report.reportId, away)} />
          ))}
        </ul>
      )}
      <MoreButton query={query} label={adminTexts.more} />
    </Section>
  );
}
