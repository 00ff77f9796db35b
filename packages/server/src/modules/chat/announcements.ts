import type { Clock, Ids } from "../../platform/clock/clock.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import type { MessageCommitter } from "./messages/message.committer.ts";
import { normalizeText } from "./messages/message.text.ts";
import type { RoomsStore } from "./rooms/rooms.store.ts";

/**
 * What the server itself says in rooms. Nobody's rights, slow mode or word filter are asked, and nobody is mentioned.
 * All throw `room.not_found` and `room.archived`; changes also `message.not_found` and `message.deleted`.
 */
export interface Announcements {
  /** The same `clientId` gives the same message again. */
  post(input: { roomId: string; clientId: string; text: string }): Promise<{ messageId: string }>;
  edit(input: { roomId: string; messageId: string; text: string }): Promise<void>;
  remove(input: { roomId: string; messageId: string }): Promise<void>;
  /** The name of a room that takes announcements; undefined for none, an archived or a direct one. */
  roomName(roomId: string): Promise<string | undefined>;
}

export interface AnnouncementsDeps {
  rooms: Pick<RoomsStore, "byIds">;
  commit: MessageCommitter["commit"];
  /** The account in whose name the server speaks. */
  authorId: string;
  clock: Clock;
  ids: Ids;
  messageCharacters: number;
}

const nobody = { accounts: [], room: false };

export function createAnnouncements(deps: AnnouncementsDeps): Announcements {
  const { rooms, commit, authorId, clock, ids, messageCharacters } = deps;

  async function open(roomId: string): Promise<void> {
    const [room] = await rooms.byIds([roomId]);
    if (room === undefined) throw new AppError("room.not_found", "There is no such room.");
    if (room.archived_at !== null) throw new AppError("room.archived", "This room is archived.");
  }

  return {
    async post({ roomId, clientId, text }) {
      await open(roomId);
      const { messageId } = await commit({
        kind: "send",
        roomId,
        messageId: ids.uuid(),
        authorId,
        body: normalizeText(text, messageCharacters),
        clientId,
        replyTo: null,
        mentions: nobody,
        at: clock.now(),
      });
      return { messageId };
    },

    async edit({ roomId, messageId, text }) {
      await open(roomId);
      await commit({
        kind: "edit",
        roomId,
        messageId,
        authorId,
        body: normalizeText(text, messageCharacters),
        mentions: nobody,
        revisionId: ids.uuid(),
        at: clock.now(),
      });
    },

    async remove({ roomId, messageId }) {
      await open(roomId);
      await commit({ kind: "delete", roomId, messageId, by: authorId, revisionId: ids.uuid(), at: clock.now() });
    },

    async roomName(roomId) {
      const [room] = await rooms.byIds([roomId]);
      return room === undefined || room.archived_at !== null || room.kind === "direct" ? undefined : room.name;
    },
  };
}
