import type { PendingMessage, RoomHandle } from "@foyer/client";
import type { Message, Profile, RoomView } from "@foyer/protocol";
import { createContext, use } from "react";

/** What messages and the composer of an open room share. Stable functions, so that messages need not render again. */
export interface OpenRoom {
  room: RoomHandle;
  /** Room as the server last told it. */
  view: RoomView;
  /** The reader; undefined for somebody without an account. */
  self: Profile | undefined;
  /** Name of an account as far as this page has met it. */
  nameOf: (accountId: string) => string | undefined;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  /** Takes a refused message back into the composer. */
  rewrite: (pending: PendingMessage) => void;
  /** Goes to a message, into history if need be. */
  jump: (messageId: string) => void;
  /** Deletes after some seconds in which it can be undone. */
  remove: (messageId: string) => void;
  /** Keys of long messages that the reader unfolded; they stay so while they scroll out of sight. */
  unfolded: Set<string>;
  /** Puts the cursor into the composer. */
  focusComposer: () => void;
}

/** Given by the room page. */
export const OpenRoomContext = createContext<OpenRoom | undefined>(undefined);

/** The open room. Throws outside a room page. */
export function useOpenRoom(): OpenRoom {
  const open = use(OpenRoomContext);
  if (open === undefined) throw new Error("useOpenRoom needs a room page above it");
  return open;
}
