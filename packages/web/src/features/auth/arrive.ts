import type { SignedIn } from "@foyer/protocol";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useClient } from "../../app/client.context.tsx";
import { serverQuery } from "../../app/server.query.ts";
import { useEnter } from "../../app/session.ts";
import { askPasskey, offersPasskeys, stopPasskey } from "../proof/passkey.ceremony.ts";

/** Takes over an answer to a sign-in, and goes on to `next`. */
export function useArrive(next: string | undefined): (signedIn: SignedIn) => Promise<void> {
  const enter = useEnter();
  return (signedIn) => enter(signedIn, next);
}

/** What the server gives a passkey to sign is good for five minutes. */
const freshMs = 240_000;

/** Lets the browser offer passkeys in the field of the name while the page is open, where it can. */
export function usePasskeyOffer(next: string | undefined): void {
  const client = useClient();
  const arrive = useArrive(next);
  const latest = useRef(arrive);
  latest.current = arrive;
  const possible = useQuery(serverQuery(client)).data?.features["passkeys"] === true;

  useEffect(() => {
    if (!possible) return;
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waiting = false;

    async function offer(): Promise<void> {
      if (!open || !(await offersPasskeys())) return;
      waiting = true;
      timer = setTimeout(() => void offer(), freshMs);
      const response = await askPasskey(client, true);
      waiting = false;
      if (open) await latest.current(await client.api.passkeySignIn({ body: { response } }));
    }

    // Nobody asked for it: what goes wrong here is not told, and the button says it when it is pressed.
    void offer().catch(() => {
      waiting = false;
    });
    return () => {
      open = false;
      clearTimeout(timer);
      if (waiting) void stopPasskey();
    };
  }, [possible, client]);
}
