import type { EndpointOutput } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { isGuest, useSession } from "../../app/session.ts";
import { errorCode } from "../../ui/error.text.ts";
import { FormProblem } from "../../ui/form.problem.tsx";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { AuthFrame } from "../auth/auth.frame.tsx";
import styles from "./invites.module.css";
import { invitesTexts } from "./invites.texts.ts";

const t = invitesTexts.page;
type Preview = EndpointOutput<"getInvite">;

/** What an invite link leads to, and the way in: by joining, or by signing in or up first. */
export function InvitePage() {
  const client = useClient();
  const { token } = useParams({ from: "/invite/$token" });
  const query = useQuery({
    queryKey: ["invite", token],
    queryFn: ({ signal }) => client.api.getInvite({ params: { token }, signal }),
  });
  if (query.isError && ["invite.not_found", "invite.expired", "request.invalid"].includes(errorCode(query.error))) {
    return (
      <AuthFrame title={t.gone} lead={t.goneHint}>
        <HomeButton />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={query.isError ? t.title : t.invited}>
      {query.isPending && <LoadingState rows={3} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && <InviteCard token={token} preview={query.data} />}
    </AuthFrame>
  );
}

function InviteCard({ token, preview }: { token: string; preview: Preview }) {
  const session = useSession();
  return (
    <>
      <div className={styles.card}>
        <div className={styles.cardName}>{preview.name}</div>
        {preview.topic !== "" && <p className={styles.cardTopic}>{preview.topic}</p>}
        <p className={styles.cardCount}>{t.members(preview.memberCount)}</p>
      </div>
      {session.account === null || isGuest(session) ? (
        <NeedAccount token={token} />
      ) : (
        <Join token={token} preview={preview} name={session.account.displayName} />
      )}
    </>
  );
}

function Join({ token, preview, name }: { token: string; preview: Preview; name: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const enter = (roomId: string) => navigate({ to: "/rooms/$roomId", params: { roomId } });
  const join = useMutation({
    mutationFn: () => client.api.acceptInvite({ params: { token } }),
    onSuccess: async (room) => {
      await queries.invalidateQueries({ queryKey: ["rooms"] });
      await enter(room.roomId);
    },
  });
  if (preview.joined) {
    return (
      <>
        <p className={styles.note}>{t.joined}</p>
        <Button fullWidth onClick={() => void enter(preview.roomId)}>
          {t.open(preview.name)}
        </Button>
      </>
    );
  }
  return (
    <>
      <FormProblem error={join.error} />
      <Button fullWidth loading={join.isPending} onClick={() => join.mutate()}>
        {t.join(preview.name)}
      </Button>
      <p className={styles.note}>{t.as(name)}</p>
    </>
  );
}

function NeedAccount({ token }: { token: string }) {
  const search = { next: `/invite/${token}` };
  return (
    <>
      <p className={styles.note}>{t.needAccount}</p>
      <Button fullWidth renderRoot={(props) => <Link to="/sign-up" search={search} {...props} />}>
        {t.signUp}
      </Button>
      <Button fullWidth variant="default" renderRoot={(props) => <Link to="/sign-in" search={search} {...props} />}>
        {t.signIn}
      </Button>
    </>
  );
}

function HomeButton() {
  return (
    <Button fullWidth variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
      {t.home}
    </Button>
  );
}
