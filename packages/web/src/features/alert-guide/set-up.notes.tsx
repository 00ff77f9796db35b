import type { AlertsStatus, AuthStatus, SignInProvider } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";
import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { CopyButton } from "../../ui/copy.button.tsx";
import styles from "./guide.module.css";
import { guideTexts as t } from "./guide.texts.ts";

const list = new Intl.ListFormat("en", { type: "conjunction" });

const twitchVariables = ["TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"];
const discordVariables = ["DISCORD_CLIENT_ID", "DISCORD_CLIENT_SECRET", "DISCORD_BOT_TOKEN", "DISCORD_PUBLIC_KEY"];

/** How to set up Twitch, what is wrong with it, or by which way it is heard. */
export function TwitchSetUp({ status, isIdle }: { status: AlertsStatus["twitch"]; isIdle: boolean }) {
  const { configured, state, problem, transport } = status;
  if (configured && problem !== null) return <Broken lead={t.twitch.failing} problem={problem} />;
  if (state === "ok" && !isIdle) {
    return <p className={styles.words}>{t.twitch.ok(t.twitch.transports[transport ?? "conduit"])}</p>;
  }
  if (configured) return <p className={styles.words}>{isIdle ? t.twitch.idle : t.twitch.connecting}</p>;
  return (
    <SetUp
      provider="twitch"
      variables={twitchVariables}
      lead={t.twitch.off}
      how={t.twitch.how}
      redirect={t.twitch.redirect}
    >
      <Anchor href="https://dev.twitch.tv/console/apps" target="_blank" rel="noopener" size="sm">
        {t.twitch.console}
      </Anchor>
    </SetUp>
  );
}

/** How to set up a bot in Discord, what is wrong with it, or how it is called. */
export function DiscordSetUp({ status }: { status: AlertsStatus["discord"] }) {
  const { configured, botWorks, botName, problem } = status;
  if (configured && botWorks) return <p className={styles.words}>{t.discord.ok(botName ?? "")}</p>;
  if (configured) return <Broken lead={t.discord.broken} problem={problem ?? ""} />;
  return (
    <SetUp
      provider="discord"
      variables={discordVariables}
      lead={t.discord.off}
      how={t.discord.how}
      redirect={t.discord.redirect}
    >
      <Anchor href="https://discord.com/developers/applications" target="_blank" rel="noopener" size="sm">
        {t.discord.console}
      </Anchor>
    </SetUp>
  );
}

function Broken({ lead, problem }: { lead: string; problem: string }) {
  return (
    <p role="status" className={styles.problem}>
      {lead} {problem}
    </p>
  );
}

interface SetUpProps {
  provider: SignInProvider;
  variables: readonly string[];
  lead: string;
  how: string;
  redirect: string;
  /** Where the application is made. */
  children: ReactNode;
}

/** What to do outside, and which variables to set; only whoever runs the server can. */
function SetUp({ provider, variables, lead, how, redirect, children }: SetUpProps) {
  const client = useClient();
  const { account } = useSession();
  const mayConfigure = account !== null && hasRole(account.role, "admin");
  const status = useQuery({
    queryKey: ["auth-status"],
    queryFn: ({ signal }) => client.api.authStatus({ signal }),
    enabled: mayConfigure,
  });
  if (!mayConfigure) {
    return (
      <>
        <p className={styles.words}>{lead}</p>
        <p className={styles.quiet}>{t.askAdmin}</p>
      </>
    );
  }
  return (
    <>
      <p className={styles.words}>{lead}</p>
      <p className={styles.words}>
        {children}: {how}
      </p>
      <Redirect status={status.data} provider={provider} label={redirect} />
      <p className={styles.words}>{t.variables(list.format(variables))}</p>
    </>
  );
}

interface RedirectProps {
  status: AuthStatus | undefined;
  provider: SignInProvider;
  label: string;
}

function Redirect({ status, provider, label }: RedirectProps) {
  const uri = status?.providers.find((each) => each.provider === provider)?.redirectUri;
  if (uri === undefined) return null;
  return (
    <div className={styles.address}>
      <span>{label}</span>
      <code className={styles.code}>{uri}</code>
      <CopyButton text={uri} size="xs" />
    </div>
  );
}
