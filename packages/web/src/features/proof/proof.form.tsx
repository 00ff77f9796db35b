import type { ProofMethod } from "@foyer/protocol";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { errorCode, errorText } from "../../ui/error.text.ts";
import formStyles from "../../ui/form.module.css";
import { askPasskey, knowsPasskeys, PasskeyGivenUp } from "./passkey.ceremony.ts";
import styles from "./proof.module.css";
import { proofTexts as t } from "./proof.texts.ts";
import { codeOf, type Proof, possibleWays, recoveryCodeOf } from "./proof.ways.ts";

interface ProofFormProps {
  methods: readonly ProofMethod[];
  /** Takes the proof to the server. What it throws is told here. */
  give: (proof: Proof) => Promise<unknown>;
  /** Handle for the password manager. */
  handle?: string | undefined;
  /** Stands before the button that sends. */
  before?: ReactNode;
}

const labels: Record<ProofMethod, string> = {
  password: t.toPassword,
  totp: t.toTotp,
  recovery_code: t.toRecovery,
  passkey: t.toPasskey,
};

/** Asks for one proof, by the first of the ways that are possible; the others are one press away. */
export function ProofForm(props: ProofFormProps) {
  const ways = possibleWays(props.methods, knowsPasskeys());
  const [chosen, setChosen] = useState<ProofMethod>();
  const way = chosen ?? ways[0];
  const others = ways.filter((each) => each !== way);
  if (way === undefined) return null;
  return (
    <>
      <Ask key={way} {...props} way={way} />
      {others.length > 0 && (
        <div className={styles.ways} role="group" aria-label={t.ways}>
          {others.map((other) => (
            <Button key={other} variant="subtle" size="compact-sm" onClick={() => setChosen(other)}>
              {labels[other]}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

function Ask({ way, give, handle, before }: ProofFormProps & { way: ProofMethod }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const [problem, setProblem] = useState<string>();

  async function send(proofOf: () => Promise<Proof> | Proof): Promise<void> {
    setWrong(undefined);
    setProblem(undefined);
    setBusy(true);
    try {
      await give(await proofOf());
    } catch (error) {
      if (!(error instanceof PasskeyGivenUp)) tell(error);
    }
    setBusy(false);
  }

  function tell(error: unknown): void {
    const code = errorCode(error);
    if (code === "auth.invalid_credentials") setWrong(t.passwordWrong);
    else if (code === "auth.second_factor_invalid") setWrong(errorText(error));
    else setProblem(errorText(error));
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (busy) return;
    if (way === "passkey") return void send(async () => ({ passkey: await askPasskey(client) }));
    const typed = String(new FormData(event.currentTarget).get("proof") ?? "");
    const proof = proofOf(way, typed);
    if (typeof proof === "string") setWrong(proof);
    else void send(() => proof);
  }

  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      {way === "password" && (
        <>
          <input type="text" autoComplete="username" value={handle ?? ""} readOnly hidden />
          <PasswordInput
            name="proof"
            label={t.password}
            autoComplete="current-password"
            maxLength={256}
            data-autofocus
            autoFocus
            error={wrong}
          />
        </>
      )}
      {way === "totp" && (
        <TextInput
          name="proof"
          className={styles.code ?? ""}
          label={t.totp}
          description={t.totpLead}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          data-autofocus
          autoFocus
          error={wrong}
        />
      )}
      {way === "recovery_code" && (
        <TextInput
          name="proof"
          className={styles.code ?? ""}
          label={t.recovery}
          description={t.recoveryLead}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          data-autofocus
          autoFocus
          error={wrong}
        />
      )}
      {way === "passkey" && <p className={styles.lead}>{t.passkeyLead}</p>}
      {problem !== undefined && (
        <p role="alert" className={formStyles.problem}>
          {problem}
        </p>
      )}
      {before}
      <Button
        type="submit"
        fullWidth
        loading={busy}
        {...(way === "passkey"
          ? { leftSection: <IconFingerprint size={18} aria-hidden />, "data-autofocus": true, autoFocus: true }
          : {})}
      >
        {way === "passkey" ? t.passkey : t.confirm}
      </Button>
    </form>
  );
}

/** The proof in what was typed, or the words for what is wrong with it. */
function proofOf(way: Exclude<ProofMethod, "passkey">, typed: string): Proof | string {
  if (way === "password") return typed === "" ? t.passwordEmpty : { password: typed };
  if (way === "totp") {
    const totp = codeOf(typed);
    return totp === undefined ? t.totpWrong : { totp };
  }
  const recoveryCode = recoveryCodeOf(typed);
  return recoveryCode === undefined ? t.recoveryWrong : { recoveryCode };
}
