import type { RoomView } from "@foyer/protocol";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { roomTitle } from "../rooms/room.title.ts";
import { useRooms } from "../rooms/rooms.query.ts";

/** Writes the room's name into the tab, with the number of unread messages of all rooms before it. */
export function useRoomTitle(view: RoomView): void {
  const title = roomTitle(view, useSession().account?.accountId);
  const unread = useUnreadTotal();
  useEffect(() => {
    const count = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "";
    document.title = `${count}${title} · Foyer`;
  }, [title, unread]);
}

/** Unread messages of all joined rooms: live where a room is open, else as last asked for. */
function useUnreadTotal(): number {
  const client = useClient();
  const rooms = useRooms().data;
  const store = useMemo(() => {
    const joined = (rooms ?? [])
      .filter((room) => room.joined)
      .map((room) => ({ room, handle: client.room(room.roomId) }));
    return {
      subscribe: (listener: () => void) => {
        const stops = joined.map(({ handle }) => handle.onChange(listener));
        return () => {
          for (const stop of stops) stop();
        };
      },
      read: () =>
        joined.reduce((sum, { room, handle }) => {
          const snapshot = handle.snapshot();
          return sum + (snapshot.room === undefined ? room.unread : snapshot.unread);
        }, 0),
    };
  }, [client, rooms]);
  return useSyncExternalStore(store.subscribe, store.read);
}
