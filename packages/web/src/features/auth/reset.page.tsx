import { Button, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { refusal } from "./auth.form.ts";
import { AuthFrame, FormAlert } from "./auth.frame.tsx";
import styles from "./auth.module.css";
import { authTexts as texts } from "./auth.texts.ts";
import { useFragment } from "./fragment.ts";

/** Setting a new password by the link of an e-mail. */
export function ResetPage() {
  const token = useFragment();
  return (
    <AuthFrame
      title={token === undefined ? texts.linkBroken : texts.resetTitle}
      lead={token === undefined ? texts.linkBrokenHint : texts.resetLead}
      below={<Link to="/forgot-password">{texts.anotherLink}</Link>}
    >
      {token !== undefined && <ResetForm token={token} />}
    </AuthFrame>
  );
}

function ResetForm({ token }: { token: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const router = useRouter();
  const navigate = useNavigate();
  const [fields, setFields] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const newPassword = String(data.get("password") ?? "");
    const found = {
      ...(newPassword.length < 8 ? { password: texts.passwordShort } : {}),
      ...(newPassword === String(data.get("repeat") ?? "") ? {} : { repeat: texts.passwordsDiffer }),
    };
    setFields(found);
    setProblem(undefined);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await client.api.resetPassword({ body: { token, newPassword } });
      // All sessions have ended, this browser's too.
      client.close();
      queries.clear();
      await router.invalidate();
      await navigate({ to: "/sign-in", search: { notice: "reset" }, replace: true });
    } catch (error) {
      const { form, fields: wrong } = refusal(error);
      setFields(wrong["newPassword"] === undefined ? {} : { password: wrong["newPassword"] });
      setProblem(form);
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <FormAlert text={problem} />
      <PasswordInput
        name="password"
        label={texts.newPassword}
        description={texts.passwordHint}
        autoComplete="new-password"
        maxLength={256}
        autoFocus
        visibilityToggleButtonProps={{ "aria-label": texts.showPassword }}
        error={fields["password"]}
      />
      <PasswordInput
        name="repeat"
        label={texts.repeatPassword}
        autoComplete="new-password"
        maxLength={256}
        visibilityToggleButtonProps={{ "aria-label": texts.showRepeated }}
        error={fields["repeat"]}
      />
      <Button type="submit" fullWidth loading={busy}>
        {texts.setPassword}
      </Button>
    </form>
  );
}
