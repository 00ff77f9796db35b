import type { StepUpBody } from "@foyer/protocol";
import { Button, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { providersQuery } from "../../app/server.query.ts";
import { sessionQuery } from "../../app/session.ts";
import type { StepUpQuestion } from "../../app/step.up.ts";
import { DialogFrame } from "../../ui/dialog.frame.tsx";
import { LoadingState } from "../../ui/state.view.tsx";
import { departure } from "../auth/departure.ts";
import { securityKey } from "../factors/security.query.ts";
import { knowsPasskeys } from "../proof/passkey.ceremony.ts";
import { ProofForm } from "../proof/proof.form.tsx";
import styles from "../proof/proof.module.css";
import { possibleWays } from "../proof/proof.ways.ts";
import { sessionsKey } from "../settings/sessions.query.ts";
import { stepUpTexts as t } from "./step-up.texts.ts";

/** Asks a person to show again who they are, and lets what waits for it go on. Closing it is "no". */
export function StepUpDialog({ question }: { question: StepUpQuestion }) {
  const client = useClient();
  const queries = useQueryClient();
  const session = useQuery(sessionQuery(client));
  const ways = possibleWays(question.methods, knowsPasskeys());
  return (
    <DialogFrame title={t.title} opened onClose={() => question.settle(false)} size={400}>
      <Stack gap="md">
        {question.methods.length === 0 && <SignInAgain />}
        {question.methods.length > 0 && ways.length === 0 && <p className={styles.lead}>{t.noWay}</p>}
        {ways.length > 0 && (
          <>
            <p className={styles.lead}>{t.lead}</p>
            <ProofForm
              methods={question.methods}
              handle={session.data?.account?.handle}
              give={async (proof) => {
                await client.api.stepUp({ body: proof as StepUpBody });
                question.settle(true);
                // The session was exchanged for another.
                void queries.invalidateQueries({ queryKey: sessionQuery(client).queryKey });
                void queries.invalidateQueries({ queryKey: sessionsKey });
                void queries.invalidateQueries({ queryKey: securityKey });
              }}
            />
          </>
        )}
      </Stack>
    </DialogFrame>
  );
}

/** For accounts that have nothing to show here: their provider has to say again who they are. */
function SignInAgain() {
  const client = useClient();
  const links = useQuery({ queryKey: ["links"], queryFn: () => client.api.listLinks() });
  const providers = useQuery(providersQuery(client));
  const known = providers.data?.items.filter(({ provider }) =>
    links.data?.items.some((link) => link.provider === provider),
  );
  return (
    <>
      <p className={styles.lead}>{t.signInAgain}</p>
      {known === undefined && <LoadingState rows={1} />}
      {known?.map((offer) => (
        <Button
          key={offer.provider}
          component="a"
          href={departure(offer.signInUrl, `${location.pathname}${location.search}`)}
        >
          {t.signInBy(offer.name)}
        </Button>
      ))}
    </>
  );
}
