import type { Streamer, StreamerInvitePreview } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { providersQuery } from "../../app/server.query.ts";
import { isGuest, useSession } from "../../app/session.ts";
import { errorCode, SaidError } from "../../ui/error.text.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { dayText } from "../../ui/when.text.tsx";
import { GuildMark } from "../alerts/guild.mark.tsx";
import { AuthFrame } from "../auth/auth.frame.tsx";
import { ConnectButton } from "../links/connect.button.tsx";
import styles from "./streamer-invite.module.css";
import { streamerInvitesTexts as t } from "./streamer-invites.texts.ts";

/** Links that lead nowhere: those that never did, and those that do not any more. */
const dead: Record<string, string> = {
  "invite.not_found": t.gone,
  "request.invalid": t.gone,
  "invite.expired": t.expired,
};

/** What keeps somebody from being announced, in words for them and not for who manages the server. */
const hindered: Record<string, string> = {
  "alerts.not_configured": t.noTwitch,
  "streamer.too_many": t.tooMany,
  "streamer.needs_twitch": t.unknownAtTwitch,
};

/** What an invite link for broadcasters leads to, and the way to be announced. */
export function StreamerInvitePage() {
  const client = useClient();
  const session = useSession();
  const { token } = useParams({ from: "/streamers/invite/$token" });
  const query = useQuery({
    // Another person has another account at Twitch.
    queryKey: ["streamer-invite", token, session.account?.accountId],
    queryFn: ({ signal }) => client.api.getStreamerInvite({ params: { token }, signal }),
  });
  const accept = useMutation({ mutationFn: () => client.api.acceptStreamerInvite({ params: { token } }) });
  const why = dead[errorCode(accept.error ?? query.error)];
  const problem = hindered[errorCode(accept.error)];
  if (accept.data !== undefined && query.data !== undefined) {
    return <Done guildName={query.data.guildName} streamer={accept.data} />;
  }
  if (why !== undefined) {
    return (
      <AuthFrame title={t.goneTitle} lead={why}>
        <HomeButton />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={query.isSuccess ? t.invited : t.title}>
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && (
        <>
          <InviteCard preview={query.data} />
          {session.account === null || isGuest(session) ? (
            <NeedAccount token={token} />
          ) : !query.data.twitchLinked ? (
            <NeedTwitch token={token} />
          ) : (
            <>
              <FormProblem error={problem === undefined ? accept.error : new SaidError(problem)} />
              <Button fullWidth data-block loading={accept.isPending} onClick={() => accept.mutate()}>
                {t.accept(query.data.twitchName ?? "")}
              </Button>
              <p className={styles.note}>
                {t.asOther}{" "}
                <Link to="/settings/$" params={{ _splat: "sign-in" }}>
                  {t.asOtherLink}
                </Link>
              </p>
            </>
          )}
        </>
      )}
    </AuthFrame>
  );
}

function InviteCard({ preview }: { preview: StreamerInvitePreview }) {
  return (
    <>
      <div className={styles.card}>
        <GuildMark guildId="" name={preview.guildName} iconUrl={preview.guildIconUrl} size={44} />
        <div className={styles.cardText}>
          <h2 className={styles.name}>{preview.guildName}</h2>
          <p className={styles.note}>{t.until(dayText(preview.expiresAt))}</p>
        </div>
      </div>
      <p className={styles.what}>{t.what}</p>
    </>
  );
}

function NeedAccount({ token }: { token: string }) {
  const search = { next: `/streamers/invite/${token}` };
  return (
    <>
      <p className={styles.note}>{t.needAccount}</p>
      <Button fullWidth data-block renderRoot={(props) => <Link to="/sign-up" search={search} {...props} />}>
        {t.signUp}
      </Button>
      <Button
        fullWidth
        data-block
        variant="default"
        renderRoot={(props) => <Link to="/sign-in" search={search} {...props} />}
      >
        {t.signIn}
      </Button>
    </>
  );
}

function NeedTwitch({ token }: { token: string }) {
  const providers = useQuery(providersQuery(useClient()));
  const twitch = providers.data?.items.find(({ provider }) => provider === "twitch");
  if (providers.isPending) return <LoadingState rows={1} />;
  if (providers.isError) return <ErrorState error={providers.error} onRetry={() => void providers.refetch()} />;
  if (twitch === undefined) {
    return (
      <>
        <p className={styles.problem}>{t.noTwitch}</p>
        <HomeButton />
      </>
    );
  }
  return (
    <>
      <p className={styles.note}>{t.needTwitch}</p>
      <ConnectButton
        provider="twitch"
        name={twitch.name}
        page={`/streamers/invite/${token}`}
        label={t.connect}
        fullWidth
      />
    </>
  );
}

function Done({ guildName, streamer }: { guildName: string; streamer: Streamer }) {
  return (
    <AuthFrame title={t.done(guildName)} lead={t.doneLead(streamer.displayName)}>
      <HomeButton />
      <p className={styles.note}>
        <Link to="/settings/$" params={{ _splat: "notifications" }}>
          {t.doneLink}
        </Link>
      </p>
    </AuthFrame>
  );
}

function HomeButton() {
  return (
    <Button fullWidth variant="default" data-block renderRoot={(props) => <Link to="/" {...props} />}>
      {t.home}
    </Button>
  );
}
