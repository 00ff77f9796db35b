import { Anchor, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useState } from "react";
import { say } from "../../ui/undo.toast.tsx";
import { DestinationForm } from "../destinations/destination.form.tsx";
import { destinationsTexts } from "../destinations/destinations.texts.ts";
import { TestButton, type TestOutcome, TestOutcomeLine } from "../destinations/test.button.tsx";
import { ConnectButton } from "../links/connect.button.tsx";
import { AddStreamer } from "../streamers/streamers.section.tsx";
import styles from "./guide.module.css";
import type { GuideFacts, GuideStep } from "./guide.steps.ts";
import { guideTexts as t } from "./guide.texts.ts";
import { DiscordSetUp, TwitchSetUp } from "./set-up.notes.tsx";

interface StepProps {
  facts: GuideFacts;
  /** The step is done by what was pressed: the next one opens. */
  onDone: () => void;
  onTested: () => void;
}

/** What is to be done in a step, or what is the case when it is done. */
export function StepBody({ step, ...props }: StepProps & { step: GuideStep }) {
  const View = views[step];
  return <View {...props} />;
}

const views: Record<GuideStep, (props: StepProps) => ReactNode> = {
  twitch: ({ facts }) => <TwitchSetUp status={facts.status.twitch} isIdle={facts.streamers.length === 0} />,
  discord: ({ facts }) => <DiscordSetUp status={facts.status.discord} />,
  account: AccountStep,
  bot: BotStep,
  streamer: StreamerStep,
  place: PlaceStep,
  test: TestStep,
  elsewhere: ElsewhereStep,
};

function AccountStep({ facts }: StepProps) {
  if (facts.status.linked.discord) return <p className={styles.words}>{t.account.ok}</p>;
  return (
    <>
      <p className={styles.words}>{t.account.lead}</p>
      <ConnectButton
        provider="discord"
        name="Discord"
        page={`/alerts/${facts.guild.guildId}/guide`}
        label={t.account.connect}
      />
    </>
  );
}

function BotStep({ facts }: StepProps) {
  const { botInstalled, installUrl } = facts.guild;
  const [asked, setAsked] = useState(false);
  if (botInstalled) return <p className={styles.words}>{t.bot.ok}</p>;
  return (
    <>
      <p className={styles.words}>{t.bot.lead}</p>
      {installUrl !== null && (
        <Button component="a" href={installUrl} target="_blank" rel="noopener" onClick={() => setAsked(true)}>
          {t.bot.add}
        </Button>
      )}
      <div role="status">{asked && <p className={styles.quiet}>{t.bot.waiting}</p>}</div>
    </>
  );
}

function StreamerStep({ facts }: StepProps) {
  const { guild, streamers } = facts;
  return (
    <>
      <p className={styles.words}>
        {streamers.length > 0
          ? t.streamer.ok(streamers.map(({ displayName }) => displayName).join(", "))
          : t.streamer.lead}
      </p>
      <AddStreamer guildId={guild.guildId} />
      {streamers.length > 0 && <More guildId={guild.guildId} section="streamers" label={t.streamer.more} />}
    </>
  );
}

function PlaceStep({ facts, onDone }: StepProps) {
  const { guild, destinations } = facts;
  const isHere = guild.guildId === "here";
  const places = destinations.filter(({ kind }) => isHere || kind === "discord");
  if (places.length > 0) {
    return (
      <>
        <p className={styles.words}>{t.place.ok(places.map(({ name }) => name).join(", "))}</p>
        <More guildId={guild.guildId} section="destinations" label={t.place.more} />
      </>
    );
  }
  return (
    <>
      <p className={styles.words}>{t.place.lead}</p>
      <DestinationForm
        guildId={guild.guildId}
        // A webhook's secret is shown once, which takes the dialog of the destinations' page.
        without={["webhook"]}
        onMade={({ name }) => {
          say(destinationsTexts.added(name));
          onDone();
        }}
        actions={(submit) => <div className={styles.actions}>{submit}</div>}
      />
    </>
  );
}

function TestStep({ facts, onTested }: StepProps) {
  const [outcome, setOutcome] = useState<TestOutcome>();
  const { guild, destinations, hasArrived } = facts;
  const isHere = guild.guildId === "here";
  const target = destinations.find(({ kind, enabled }) => enabled && (isHere || kind === "discord"));
  return (
    <>
      <p className={styles.words}>{hasArrived ? t.test.ok : t.test.lead}</p>
      {target !== undefined && (
        <TestButton
          guildId={guild.guildId}
          destination={target}
          size="sm"
          variant={hasArrived ? "default" : "filled"}
          onOutcome={(told) => {
            setOutcome(told);
            if (told?.ok === true) onTested();
          }}
        />
      )}
      {target === undefined && (
        <p className={styles.words}>
          {t.test.none} <More guildId={guild.guildId} section="destinations" label={t.place.more} />
        </p>
      )}
      <div className={styles.quiet}>
        <TestOutcomeLine outcome={outcome} />
        {hasArrived && t.test.watch}
      </div>
    </>
  );
}

function ElsewhereStep({ facts }: StepProps) {
  const { discord, linked } = facts.status;
  if (!discord.configured || !discord.botWorks) return <DiscordSetUp status={discord} />;
  return (
    <>
      <p className={styles.words}>{linked.discord ? t.elsewhere.lead : t.account.lead}</p>
      {linked.discord ? (
        <Button variant="default" renderRoot={(root) => <Link to="/alerts" {...root} />}>
          {t.elsewhere.choose}
        </Button>
      ) : (
        <ConnectButton provider="discord" name="Discord" page="/alerts" label={t.account.connect} />
      )}
    </>
  );
}

function More({ guildId, section, label }: { guildId: string; section: string; label: string }) {
  return (
    <Anchor
      size="sm"
      renderRoot={(root) => <Link to="/alerts/$guildId/$" params={{ guildId, _splat: section }} {...root} />}
    >
      {label}
    </Anchor>
  );
}
