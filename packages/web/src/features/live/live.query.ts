import type { FoyerClient } from "@foyer/client";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useClient } from "../../app/client.context.tsx";

/** Viewers and titles come to the server every minute or so. A page that is not seen does not ask. */
const everyMs = 45_000;
/** Longer than an answer serves everybody who asks: what a message tells of may not be in the first one. */
const againMs = 4_000;
/** The author of what the server itself says. */
const announcer = "foyer";

/** Who is live now, by the rooms that announce it. */
export function liveQuery(client: FoyerClient) {
  return queryOptions({
    queryKey: ["live"],
    queryFn: async ({ signal }) => (await client.api.listLive({ signal })).items,
    refetchOnWindowFocus: true,
  });
}

/** Keeps what is known about who is live fresh: asked now and then, and when an announcement comes or changes. */
export function useLiveWatch(): void {
  const client = useClient();
  const queries = useQueryClient();
  // Only what shows it is drawn anew by it.
  useQuery({ ...liveQuery(client), refetchInterval: everyMs, notifyOnChangeProps: [] });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => void queries.invalidateQueries({ queryKey: ["live"] });
    const stop = client.on("message", ({ message }) => {
      if (message.author.handle !== announcer) return;
      ask();
      clearTimeout(timer);
      timer = setTimeout(ask, againMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, queries]);
}

/** Rooms in which somebody is announced who is live now. */
export function useRoomsWithLive(): ReadonlySet<string> {
  const { data } = useQuery(liveQuery(useClient()));
  return useMemo(() => new Set(data?.map(({ roomId }) => roomId)), [data]);
}
