import { FoyerError } from "@foyer/client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useEnter, useSession } from "../../app/session.ts";
import { useArrive, usePasskeyOffer } from "./arrive.ts";
import { checkSignIn, type FormErrors, isClean, refusal } from "./auth.form.ts";
import { AuthFrame, FormAlert } from "./auth.frame.tsx";
import styles from "./auth.module.css";
import { authTexts as texts } from "./auth.texts.ts";
import { OtherWays } from "./other.ways.tsx";
import type { PendingStep } from "./pending.step.ts";
import { SecondStep } from "./second.step.tsx";

/** Signing in: by password, by a passkey, by a provider; with a second step where the account asks for one. */
export function SignInPage() {
  const { next, notice } = useSearch({ from: "/sign-in" });
  const [second, setSecond] = useState<PendingStep>();
  const [why, setWhy] = useState<string>();
  if (second !== undefined) {
    return (
      <AuthFrame title={texts.secondTitle} lead={texts.secondLead}>
        <SecondStep
          {...second}
          next={next}
          onRestart={(reason) => {
            setWhy(reason);
            setSecond(undefined);
          }}
        />
      </AuthFrame>
    );
  }
  const told = why ?? (notice === undefined ? undefined : texts.notices[notice]);
  return (
    <AuthFrame title={texts.signInTitle} lead={texts.signInLead} below={<Elsewhere next={next} />}>
      {told !== undefined && (
        <p role="status" className={styles.notice}>
          {told}
        </p>
      )}
      <SignInForm next={next} onSecond={setSecond} />
      <OtherWays next={next} label={texts.signInBy} passkey />
    </AuthFrame>
  );
}

function SignInForm({ next, onSecond }: { next: string | undefined; onSecond: (second: PendingStep) => void }) {
  const client = useClient();
  const arrive = useArrive(next);
  const [errors, setErrors] = useState<FormErrors>({ fields: {} });
  const [busy, setBusy] = useState(false);
  usePasskeyOffer(next);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const values = { login: String(data.get("username") ?? ""), password: String(data.get("password") ?? "") };
    const found = checkSignIn(values);
    setErrors(found);
    if (!isClean(found)) return;
    setBusy(true);
    try {
      await arrive(await client.api.login({ body: values }));
    } catch (error) {
      if (error instanceof FoyerError && error.pending !== undefined) {
        return onSecond({ pending: error.pending, methods: error.methods ?? [] });
      }
      setErrors(refusal(error));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <FormAlert text={errors.form} />
      <TextInput
        name="username"
        label={texts.login}
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        error={errors.fields["login"]}
      />
      <PasswordInput
        name="password"
        label={texts.password}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ "aria-label": texts.showPassword }}
        error={errors.fields["password"]}
      />
      <Link to="/forgot-password" className={styles.forgot ?? ""}>
        {texts.forgot}
      </Link>
      <Button type="submit" fullWidth loading={busy}>
        {texts.signIn}
      </Button>
    </form>
  );
}

function Elsewhere(props: { next: string | undefined }) {
  const session = useSession();
  const client = useClient();
  const enter = useEnter();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function asGuest(): Promise<void> {
    setBusy(true);
    try {
      // A guest that may write keeps its name across visits; one that only reads needs no account at all.
      if (session.guests === "write" && session.account === null) await enter(await client.api.guest(), "/");
      else await navigate({ to: "/" });
    } catch (error) {
      setProblem(refusal(error).form);
      setBusy(false);
    }
  }

  return (
    <>
      {session.registration === "open" && (
        <span>
          {texts.noAccount}{" "}
          <Link to="/sign-up" search={props.next === undefined ? {} : { next: props.next }}>
            {texts.createAccount}
          </Link>
        </span>
      )}
      {session.guests !== "none" && (
        <>
          <FormAlert text={problem} />
          <Button variant="default" fullWidth loading={busy} onClick={() => void asGuest()}>
            {session.guests === "write" ? texts.guestWrite : texts.guest}
          </Button>
          <span>{texts.guestHint}</span>
        </>
      )}
    </>
  );
}
