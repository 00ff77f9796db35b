import { Button, PasswordInput, TextInput } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useEnter, useSession } from "../../app/session.ts";
import { checkSignUp, type FormErrors, isClean, refusal } from "./auth.form.ts";
import { AuthFrame, FormAlert } from "./auth.frame.tsx";
import styles from "./auth.module.css";
import { authTexts as texts } from "./auth.texts.ts";
import { OtherWays } from "./other.ways.tsx";

/** Creating an account. The first one owns the server, and the page says so. */
export function SignUpPage() {
  const session = useSession();
  const { next } = useSearch({ from: "/sign-up" });
  const below = session.setup ? undefined : (
    <span>
      {texts.haveAccount}{" "}
      <Link to="/sign-in" search={next === undefined ? {} : { next }}>
        {texts.signIn}
      </Link>
    </span>
  );
  // An invite in the way back is worth more than the closed door: the server decides on it.
  const invite = /^\/invite\/([^/?#]+)/.exec(next ?? "")?.[1];
  if (session.registration === "closed" && !session.setup && invite === undefined) {
    return (
      <AuthFrame title={texts.closed} lead={texts.closedHint} below={below}>
        {null}
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title={session.setup ? texts.setupTitle : texts.signUpTitle}
      lead={session.setup ? texts.setupLead : texts.signUpLead}
      below={below}
    >
      <SignUpForm next={next} invite={invite} />
      <OtherWays next={next} label={texts.signUpBy} />
    </AuthFrame>
  );
}

function SignUpForm(props: { next: string | undefined; invite: string | undefined }) {
  const client = useClient();
  const enter = useEnter();
  const [errors, setErrors] = useState<FormErrors>({ fields: {} });
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const field = (name: string): string => String(data.get(name) ?? "");
    const values = { handle: field("username"), password: field("password"), email: field("email").trim() };
    const displayName = field("name").trim();
    const found = checkSignUp(values);
    setErrors(found);
    if (!isClean(found)) return;
    setBusy(true);
    try {
      const signedIn = await client.api.register({
        body: {
          handle: values.handle.trim().toLowerCase(),
          password: values.password,
          ...(values.email === "" ? {} : { email: values.email }),
          ...(displayName === "" ? {} : { displayName }),
          ...(props.invite === undefined ? {} : { invite: props.invite }),
        },
      });
      await enter(signedIn, props.next);
    } catch (error) {
      setErrors(refusal(error));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <FormAlert text={errors.form} />
      <TextInput
        name="username"
        label={texts.handle}
        description={texts.handleHint}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={32}
        autoFocus
        error={errors.fields["handle"]}
      />
      <TextInput
        name="name"
        label={texts.displayName}
        description={texts.displayNameHint}
        autoComplete="nickname"
        maxLength={64}
        error={errors.fields["displayName"]}
      />
      <PasswordInput
        name="password"
        label={texts.password}
        description={texts.passwordHint}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": texts.showPassword }}
        error={errors.fields["password"]}
      />
      <TextInput
        name="email"
        type="email"
        label={`${texts.email} (${texts.optional})`}
        autoComplete="email"
        error={errors.fields["email"]}
      />
      <Button type="submit" fullWidth loading={busy}>
        {texts.createAccount}
      </Button>
    </form>
  );
}
