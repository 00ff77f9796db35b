import type { Member } from "@foyer/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "../../app/client.context.tsx";
import { usePaged } from "../../ui/paged.query.tsx";
import { membersKey } from "../moderation/sanctions.ts";

/**
 * Members of a room whose name holds `q`, page by page. With `whole` all pages are loaded, which small rooms need to
 * put those first who are here. Asked for again when somebody joins, leaves or is removed.
 */
export function useMembers(roomId: string, q: string, whole: boolean) {
  const client = useClient();
  const queries = useQueryClient();
  const query = usePaged<Member>({
    key: [...membersKey(roomId), q],
    load: async (cursor, signal) => {
      const page = await client.api.listMembers({
        params: { roomId },
        query: { limit: 100, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) },
        signal,
      });
      return { items: page.members, next: page.next };
    },
  });
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (whole && hasNextPage && !isFetching) void fetchNextPage();
  }, [whole, hasNextPage, isFetching, fetchNextPage]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = client.on("room", (frame) => {
      if (frame.roomId !== roomId) return;
      clearTimeout(timer);
      // People come in crowds when a stream starts; one request answers for all of them.
      timer = setTimeout(() => void queries.invalidateQueries({ queryKey: membersKey(roomId) }), 1_000);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, queries, roomId]);
  return query;
}
