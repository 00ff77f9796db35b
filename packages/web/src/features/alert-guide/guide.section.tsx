import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { errorText } from "../../ui/error.text.ts";
import { Section } from "../../ui/sections.frame.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { alertsStatusQuery, destinationsQuery, guildQuery, guildStreamersQuery } from "../alerts/alerts.queries.ts";
import type { GuildSectionProps } from "../alerts/guild.page.tsx";
import styles from "./guide.module.css";
import { type GuideStep, guideSteps, nextStep } from "./guide.steps.ts";
import { guideTexts as t } from "./guide.texts.ts";
import { StepBody } from "./step.body.tsx";
import { GuideStepItem } from "./step.item.tsx";

/** While the page is looked at, what is to be seen outside is asked again so often. */
const statusMs = 3000;
const restMs = 5000;

/** The way from nothing to a first alert: every step says what to do, and turns done by itself. */
export function GuideSection({ guild: shown }: GuildSectionProps) {
  const client = useClient();
  const { guildId } = shown;
  const status = useQuery({ ...alertsStatusQuery(client), refetchInterval: statusMs });
  const streamers = useQuery(guildStreamersQuery(client, guildId));
  const destinations = useQuery(destinationsQuery(client, guildId));
  // Discord says that the bot has come in a while, not at once.
  const guild = useQuery({
    ...guildQuery(client, guildId),
    refetchInterval: ({ state }) => (state.data?.botInstalled === true ? false : restMs),
    refetchOnWindowFocus: "always",
  });
  const sent = useQuery({
    queryKey: ["guilds", guildId, "deliveries", "any"],
    queryFn: ({ signal }) =>
      client.api.listDeliveries({ params: { guildId }, query: { state: "sent", limit: 1 }, signal }),
  });
  const [hasTested, setTested] = useState(false);
  const [opened, setOpened] = useState<GuideStep | "none">();

  const failed = [status, streamers, destinations].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (status.data === undefined || streamers.data === undefined || destinations.data === undefined) {
    return <LoadingState rows={6} />;
  }
  const facts = {
    guild: guild.data ?? shown,
    status: status.data,
    streamers: streamers.data.items,
    destinations: destinations.data.items,
    hasArrived: hasTested || (sent.data?.items.length ?? 0) > 0,
  };
  const steps = guideSteps(facts);
  const next = nextStep(steps);
  const open = opened ?? next;
  return (
    <Section title={t.title} lead={t.lead}>
      {status.isError && (
        <p role="alert" className={styles.problem}>
          {t.checkFailed} {errorText(status.error)}
        </p>
      )}
      <div role="status">{next === undefined && <p className={styles.all}>{t.allDone}</p>}</div>
      <ol className={styles.list} aria-label={t.list}>
        {steps.map((state, index) => (
          <GuideStepItem
            key={state.step}
            number={index + 1}
            state={state}
            isNext={state.step === next}
            open={state.step === open}
            onToggle={() => setOpened(state.step === open ? "none" : state.step)}
          >
            <StepBody
              step={state.step}
              facts={facts}
              onDone={() => setOpened(undefined)}
              onTested={() => {
                setTested(true);
                setOpened("test");
              }}
            />
          </GuideStepItem>
        ))}
      </ol>
    </Section>
  );
}
