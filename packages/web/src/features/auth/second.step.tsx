import type { ProofMethod } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { useClient } from "../../app/client.context.tsx";
import { errorCode } from "../../ui/error.text.ts";
import { knowsPasskeys } from "../proof/passkey.ceremony.ts";
import { ProofForm } from "../proof/proof.form.tsx";
import { possibleWays } from "../proof/proof.ways.ts";
import { useArrive } from "./arrive.ts";
import styles from "./auth.module.css";
import { authTexts as texts } from "./auth.texts.ts";

interface SecondStepProps {
  pending: string;
  methods: readonly ProofMethod[];
  next: string | undefined;
  /** Starts again; `why` is given when the server wants it. */
  onRestart: (why?: string) => void;
}

/** The second step of signing in: an authenticator app, a passkey or a recovery code. */
export function SecondStep({ pending, methods, next, onRestart }: SecondStepProps) {
  const client = useClient();
  const arrive = useArrive(next);
  return (
    <div className={styles.form}>
      {possibleWays(methods, knowsPasskeys()).length === 0 && <p className={styles.lead}>{texts.secondElsewhere}</p>}
      <ProofForm
        methods={methods}
        give={async (proof) => {
          type Body = Parameters<typeof client.api.completeSignIn>[0]["body"];
          try {
            await arrive(await client.api.completeSignIn({ body: { pending, ...proof } as Body }));
          } catch (error) {
            const code = errorCode(error);
            if (code === "auth.token_expired" || code === "auth.token_invalid") return onRestart(texts.tooLate);
            throw error;
          }
        }}
      />
      <Button variant="default" fullWidth onClick={() => onRestart()}>
        {texts.restart}
      </Button>
    </div>
  );
}
