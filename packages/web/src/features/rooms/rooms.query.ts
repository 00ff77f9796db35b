import type { FoyerClient } from "@foyer/client";
import type { RoomView } from "@foyer/protocol";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "../../app/client.context.tsx";
import { byRecency } from "./room.order.ts";

/** How many joined rooms are kept open for live counts; the rest is asked for now and then. */
const liveRooms = 24;

/** Rooms that one is in and may join. */
export function roomsQuery(client: FoyerClient) {
  return queryOptions({
    queryKey: ["rooms"],
    queryFn: async (): Promise<RoomView[]> => (await client.api.listRooms()).items,
    staleTime: 5_000,
    refetchInterval: 30_000,
    refetchOnWindowFocus: true,
  });
}

/** The list of rooms, asked for again whenever a frame says that something about it changed. */
export function useRooms() {
  const client = useClient();
  const queries = useQueryClient();
  const query = useQuery(roomsQuery(client));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      clearTimeout(timer);
      // Frames come in bursts; one request answers for all of them.
      timer = setTimeout(() => void queries.invalidateQueries({ queryKey: ["rooms"] }), 400);
    };
    const stops = [client.on("room", refresh), client.on("read", refresh), client.on("hello", refresh)];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [client, queries]);
  return query;
}

/** Keeps the most recently active joined rooms open, so that their counts are live. */
export function useLiveRooms(rooms: readonly RoomView[] | undefined): void {
  const client = useClient();
  const ids = (rooms ?? [])
    .filter((room) => room.joined && room.archivedAt === undefined)
    .sort(byRecency)
    .slice(0, liveRooms)
    .map((room) => room.roomId)
    .sort()
    .join(" ");
  useEffect(() => {
    const closers = ids === "" ? [] : ids.split(" ").map((roomId) => client.room(roomId).open());
    return () => {
      // The next set opens in the same turn; closing after it keeps what both have in common subscribed.
      queueMicrotask(() => {
        for (const close of closers) close();
      });
    };
  }, [client, ids]);
}
