import type { Attempt, Delivery } from "@foyer/protocol";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { DialogFrame } from "../../ui/dialog.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { fullTimeText } from "../../ui/when.text.tsx";
import styles from "./deliveries.module.css";
import { deliveriesTexts as t } from "./deliveries.texts.ts";

interface DeliveryDialogProps {
  guildId: string;
  delivery: Delivery;
  onClose: () => void;
}

/** One delivery with all its tries. */
export function DeliveryDialog({ guildId, delivery, onClose }: DeliveryDialogProps) {
  const client = useClient();
  const { deliveryId } = delivery;
  const query = useQuery({
    queryKey: ["guilds", guildId, "deliveries", "one", deliveryId],
    queryFn: ({ signal }) => client.api.getDelivery({ params: { guildId, deliveryId }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? 3000 : false),
  });
  const shown = query.data ?? delivery;
  return (
    <DialogFrame title={t.dialog(shown.streamerName)} opened onClose={onClose} size={640} tall>
      <dl className={styles.facts}>
        <Fact name={t.facts.destination}>{shown.destinationName}</Fact>
        <Fact name={t.facts.began}>{fullTimeText(shown.startedAt)}</Fact>
        {shown.sentAt !== null && <Fact name={t.facts.sent}>{fullTimeText(shown.sentAt)}</Fact>}
        {shown.latencyMs !== null && <Fact name={t.facts.latency}>{t.latency(shown.latencyMs)}</Fact>}
        {shown.kind === "push" && (
          <Fact name={t.facts.recipients}>
            {t.recipients(shown.recipients)}
            {shown.failedRecipients > 0 && `, ${t.failedOf(shown.failedRecipients)}`}
          </Fact>
        )}
        {shown.reason !== null && <Fact name={t.facts.reason}>{t.reasons[shown.reason]}</Fact>}
      </dl>
      <h3 className={styles.heading}>{t.history}</h3>
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && <Attempts history={query.data.history} />}
    </DialogFrame>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Attempts({ history }: { history: readonly Attempt[] }) {
  if (history.length === 0) return <p className={styles.none}>{t.noTries}</p>;
  const time = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
  return (
    // A scroll area that the keyboard reaches: five columns do not fit on a small phone.
    <div className={styles.scroll} role="region" aria-label={t.history} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.columns.at}</th>
            <th scope="col">{t.columns.what}</th>
            <th scope="col">{t.columns.outcome}</th>
            <th scope="col">{t.columns.status}</th>
            <th scope="col">{t.columns.duration}</th>
          </tr>
        </thead>
        <tbody>
          {history.map((each) => (
            <tr key={`${each.at} ${each.what} ${each.durationMs}`}>
              <td className="tabular">{time.format(new Date(each.at))}</td>
              <td>{t.what[each.what]}</td>
              <td>
                {t.outcomes[each.outcome]}
                {each.reason !== null && <div className={styles.reason}>{t.reasons[each.reason]}</div>}
              </td>
              <td className="tabular">{each.status ?? "–"}</td>
              <td className="tabular">{t.latency(each.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
