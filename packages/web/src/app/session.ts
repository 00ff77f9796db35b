import type { FoyerClient } from "@foyer/client";
import type { SessionState, SignedIn } from "@foyer/protocol";
import { type QueryClient, queryOptions, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useClient } from "./client.context.tsx";

/** Who is signed in, as a query that everything shares. */
export function sessionQuery(client: FoyerClient) {
  return queryOptions({ queryKey: ["session"], queryFn: () => client.api.session(), staleTime: 60_000 });
}

/** Session as the server last told it. Routes have loaded it before anything renders. */
export function useSession(): SessionState {
  return useSuspenseQuery(sessionQuery(useClient())).data;
}

/** True for somebody without an account of their own: nobody, or a guest. */
export function isGuest(session: SessionState): boolean {
  return session.account === null || session.account.role === "guest";
}

/** Where somebody may be who is not signed in: the rooms where guests are let in, else the sign-in page. */
export function mayEnter(session: SessionState): boolean {
  // On a server that nobody owns yet, the first thing to do is to make its owner.
  return session.account !== null || (session.guests !== "none" && !session.setup);
}

/**
 * Takes over an answer to sign in or sign up, and goes on to `next`: the socket connects anew as that account. It goes
 * there once: whatever somebody presses from then on is theirs.
 */
export function useEnter(): (signedIn: SignedIn, next: string | undefined) => Promise<void> {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (signedIn, next) => {
      await renew(client, queries, signedIn);
      await navigate({ to: next ?? "/", replace: true });
    },
    [client, queries, navigate],
  );
}

/** How long the push service of a browser may take to let go. Nobody is kept from leaving by it. */
const deviceMs = 3_000;

/** Ends this browser's notifications while the session that may do it is still there. */
async function leaveDevice(client: FoyerClient): Promise<void> {
  const left = import("../features/notifications/push.device.ts").then((device) => device.leaveDevice(client));
  const late = new Promise<void>((resolve) => setTimeout(resolve, deviceMs));
  await Promise.race([left.catch(() => undefined), late]);
}

/** Signs out and forgets everything that was loaded. */
export function useLeave(): () => Promise<void> {
  const client = useClient();
  const queries = useQueryClient();
  return useCallback(async () => {
    await leaveDevice(client);
    await client.api.logout();
    client.close();
    queries.clear();
    sessionStorage.clear();
    // A full load lets no state of the old account survive in memory.
    location.assign("/sign-in");
  }, [client, queries]);
}

async function renew(client: FoyerClient, queries: QueryClient, signedIn: SignedIn): Promise<void> {
  client.close();
  queries.clear();
  const state = await queries.fetchQuery({ ...sessionQuery(client), staleTime: 0 });
  if (state.account?.accountId !== signedIn.account.accountId) {
    queries.setQueryData(sessionQuery(client).queryKey, { ...state, account: signedIn.account, setup: false });
  }
  client.connect();
}
