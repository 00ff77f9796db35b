import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useClient, useConnection } from "../../app/client.context.tsx";
import { sessionQuery } from "../../app/session.ts";

/** Asks who is signed in again when the server closes the door, so that an ended session leads to the sign-in page. */
export function useSessionWatch(): void {
  const client = useClient();
  const queries = useQueryClient();
  const router = useRouter();
  const connection = useConnection();
  const code = connection.reason?.code;
  const ended = code?.startsWith("auth.") === true || code === "account.suspended" || connection.status === "closed";
  useEffect(() => {
    if (!ended) return;
    void queries
      .fetchQuery({ ...sessionQuery(client), staleTime: 0 })
      .then(() => router.invalidate())
      .catch(() => undefined);
  }, [ended, client, queries, router]);
}
