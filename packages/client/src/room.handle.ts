import { asyncQueue } from "./async.queue.ts";
import { newClientId } from "./client.id.ts";
import type { RoomLink } from "./room.link.ts";
import type { Room } from "./room.ts";
import type { RoomHandle } from "./room.types.ts";

/** The public face of a room. Methods are bound, so that they can be passed on alone. */
export function roomHandle(room: Room, link: RoomLink): RoomHandle {
  const { roomId, outbox, pager } = room;
  return {
    roomId,
    open: () => room.open(),
    snapshot: () => room.snapshot(),
    onChange: (listener) => room.onChange(listener),
    send: (text, options) => room.send(text, options?.clientId ?? newClientId(link.now()), options?.replyTo),
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    edit: (messageId, text) =>
      link.request<"editMessage">({ action: "editMessage", roomId, messageId, message: text }, { repeat: true }),
    remove: (messageId) =>
      link.request<"deleteMessage">({ action: "deleteMessage", roomId, messageId }, { repeat: true }),
    react: (messageId, emoji, on) =>
      link.request<"react">({ action: "react", roomId, messageId, emoji, on }, { repeat: true }),
    typing: () => room.typing(),
    markRead: (offset) => room.markRead(offset),
    loadOlder: () => pager.older(),
    loadNewer: () => pager.newer(),
    jumpTo: (messageId) => pager.jumpTo(messageId),
    jumpToLatest: () => pager.jumpToLatest(),
    messages: (options) =>
      asyncQueue((sink) => {
        const stop = room.creations.watch(sink, room.place());
        const close = room.open();
        return () => {
          stop();
          close();
        };
      }, options?.signal),
  };
}
