import { AppError } from "../../../platform/errors/app.error.ts";
import { roomTextOf } from "../templates/room.text.ts";
import type { Announcement, DestinationSender, SendOutcome, SendTarget } from "./sender.port.ts";

/** Announcements in rooms of this server: the part of chat that is used. All throw `room.*` and `message.*`. */
export interface RoomAnnouncements {
  /** The same `clientId` gives the same message again. */
  post(input: { roomId: string; clientId: string; text: string }): Promise<{ messageId: string }>;
  edit(input: { roomId: string; messageId: string; text: string }): Promise<void>;
  remove(input: { roomId: string; messageId: string }): Promise<void>;
}

/** Alerts in rooms of this server: written by the server itself, mentioning nobody. */
export function createRoomDestination(deps: { rooms: RoomAnnouncements; publicUrl: () => string }): DestinationSender {
  const { rooms, publicUrl } = deps;
  const urlOf = (roomId: string, messageId: string) => `${publicUrl()}/rooms/${roomId}?message=${messageId}`;

  async function attempt(work: () => Promise<SendOutcome>): Promise<SendOutcome> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === "room.not_found" || error.code === "room.archived") {
        return { kind: "failed", reason: "gone", status: null, off: "room_gone" };
      }
      // A moderator deleted it: that is how it should be, then.
      if (error.code === "message.not_found" || error.code === "message.deleted") {
        return { kind: "done", externalId: null, url: null, status: null };
      }
      if (error.code === "server.busy" || error.code === "server.stopping") {
        return { kind: "again", reason: "outage", status: null };
      }
      return { kind: "failed", reason: "rejected", status: null };
    }
  }

  return {
    kind: "room",
    edits: true,
    post: ({ target: roomId }: SendTarget, what: Announcement) =>
      attempt(async () => {
        const text = roomTextOf(what.message);
        const { messageId } = await rooms.post({ roomId, clientId: what.deliveryId, text });
        return { kind: "done", externalId: messageId, url: urlOf(roomId, messageId), status: null };
      }),
    edit: ({ target: roomId }, messageId, { message }) =>
      attempt(async () => {
        await rooms.edit({ roomId, messageId, text: roomTextOf(message) });
        return { kind: "done", externalId: messageId, url: urlOf(roomId, messageId), status: null };
      }),
    remove: ({ target: roomId }, messageId) =>
      attempt(async () => {
        await rooms.remove({ roomId, messageId });
        return { kind: "done", externalId: messageId, url: null, status: null };
      }),
  };
}
