import { Button } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { providersQuery, serverQuery } from "../../app/server.query.ts";
import { errorText } from "../../ui/error.text.ts";
import { askPasskey, knowsPasskeys, PasskeyGivenUp } from "../proof/passkey.ceremony.ts";
import { useArrive } from "./arrive.ts";
import { FormAlert } from "./auth.frame.tsx";
import styles from "./auth.module.css";
import { authTexts as texts } from "./auth.texts.ts";
import { departure } from "./departure.ts";
import { ProviderMark } from "./provider.mark.tsx";

interface OtherWaysProps {
  next: string | undefined;
  /** Words of a provider's button. */
  label: (provider: string) => string;
  /** With a button for those who have a passkey already. */
  passkey?: boolean;
}

/** The ways in besides handle and password, as far as this server and this browser have them. */
export function OtherWays(props: OtherWaysProps) {
  const client = useClient();
  const providers = useQuery(providersQuery(client)).data?.items ?? [];
  const server = useQuery(serverQuery(client));
  const passkeys = props.passkey === true && server.data?.features["passkeys"] === true && knowsPasskeys();
  if (providers.length === 0 && !passkeys) return null;
  return (
    <div className={styles.others} role="group" aria-label={texts.otherWays}>
      <div className={styles.or} aria-hidden>
        {texts.or}
      </div>
      {passkeys && <PasskeyButton next={props.next} />}
      {providers.map((offer) => (
        <Button
          key={offer.provider}
          component="a"
          href={departure(offer.signInUrl, props.next)}
          variant="default"
          fullWidth
          leftSection={<ProviderMark provider={offer.provider} />}
        >
          {props.label(offer.name)}
        </Button>
      ))}
    </div>
  );
}

function PasskeyButton(props: { next: string | undefined }) {
  const client = useClient();
  const arrive = useArrive(props.next);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function signIn(): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await arrive(await client.api.passkeySignIn({ body: { response: await askPasskey(client) } }));
    } catch (error) {
      if (!(error instanceof PasskeyGivenUp)) setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <>
      <FormAlert text={problem} />
      <Button
        variant="default"
        fullWidth
        loading={busy}
        leftSection={<IconFingerprint size={20} stroke={1.75} aria-hidden />}
        onClick={() => void signIn()}
      >
        {texts.passkey}
      </Button>
    </>
  );
}
