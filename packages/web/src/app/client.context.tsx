import type { ConnectionState, FoyerClient, RoomHandle, RoomSnapshot } from "@foyer/client";
import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from "react";

const ClientContext = createContext<FoyerClient | undefined>(undefined);

/** Hands one client to all below. */
export function ClientProvider(props: { client: FoyerClient; children: ReactNode }) {
  return <ClientContext value={props.client}>{props.children}</ClientContext>;
}

/** The client of this page. Throws outside a ClientProvider. */
export function useClient(): FoyerClient {
  const client = use(ClientContext);
  if (client === undefined) throw new Error("useClient needs a ClientProvider above it");
  return client;
}

/** How the socket is doing; renders again on every change. */
export function useConnection(): ConnectionState {
  const client = useClient();
  const subscribe = useMemo(() => (listener: () => void) => client.on("connection", listener), [client]);
  return useSyncExternalStore(subscribe, () => client.connection);
}

/** Keeps a room open while mounted; its snapshot, and the handle to act on it. */
export function useRoom(roomId: string): { room: RoomHandle; snapshot: RoomSnapshot } {
  const client = useClient();
  const room = useMemo(() => client.room(roomId), [client, roomId]);
  useEffect(() => room.open(), [room]);
  return { room, snapshot: useRoomSnapshot(room) };
}

/** A room's snapshot without opening it. */
export function useRoomSnapshot(room: RoomHandle): RoomSnapshot {
  const subscribe = useMemo(() => (listener: () => void) => room.onChange(listener), [room]);
  const read = useMemo(() => () => room.snapshot(), [room]);
  return useSyncExternalStore(subscribe, read);
}
