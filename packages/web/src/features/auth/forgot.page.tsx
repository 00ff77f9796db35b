import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { serverQuery } from "../../app/server.query.ts";
import { errorText } from "../../ui/error.text.ts";
import { ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { AuthFrame, FormAlert } from "./auth.frame.tsx";
import styles from "./auth.module.css";
import { authTexts as texts } from "./auth.texts.ts";

/** A new password by e-mail; where the server sends none, whom to ask. */
export function ForgotPage() {
  const client = useClient();
  const server = useQuery(serverQuery(client));
  const [sentTo, setSentTo] = useState<string>();
  const below = <Link to="/sign-in">{texts.backToSignIn}</Link>;
  if (sentTo !== undefined) {
    return (
      <AuthFrame title={texts.sentTitle} lead={texts.sentLead(sentTo)} below={below}>
        <p className={styles.note}>{texts.sentHint}</p>
      </AuthFrame>
    );
  }
  const closed = server.data !== undefined && server.data.features["email"] !== true;
  return (
    <AuthFrame
      title={texts.forgotTitle}
      {...(server.data === undefined ? {} : { lead: closed ? texts.noMail : texts.forgotLead })}
      below={below}
    >
      {server.isPending && <LoadingState rows={2} />}
      {server.isError && <ErrorState error={server.error} onRetry={() => void server.refetch()} />}
      {closed && <p className={styles.note}>{texts.noMailHint}</p>}
      {server.data !== undefined && !closed && <ForgotForm onSent={setSentTo} />}
    </AuthFrame>
  );
}

function ForgotForm({ onSent }: { onSent: (login: string) => void }) {
  const client = useClient();
  const [wrong, setWrong] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const login = String(new FormData(event.currentTarget).get("username") ?? "").trim();
    setProblem(undefined);
    setWrong(login === "" ? texts.loginEmpty : undefined);
    if (login === "") return;
    setBusy(true);
    try {
      await client.api.requestPasswordReset({ body: { login } });
      onSent(login);
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <FormAlert text={problem} />
      <TextInput
        name="username"
        label={texts.login}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        autoFocus
        error={wrong}
      />
      <Button type="submit" fullWidth loading={busy}>
        {texts.sendLink}
      </Button>
    </form>
  );
}
