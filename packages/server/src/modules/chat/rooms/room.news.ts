import type { Profile, Room } from "@foyer/protocol";
import type { Access } from "../access.ts";
import type { Accounts, RoomBroadcast } from "../chat.ports.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { RoomPresenter } from "./room.presenter.ts";
import { profileOf } from "./room.presenter.ts";

export interface NewsDeps {
  access: Pick<Access, "changed">;
  broadcast: RoomBroadcast;
  presenter: Pick<RoomPresenter, "room">;
  accounts: Pick<Accounts, "profiles">;
}

/** Tells the caches and the connections what happened to a room. Called after the commit. */
export interface RoomNews {
  settings(row: RoomRow): Promise<void>;
  joined(row: RoomRow, accountId: string): Promise<void>;
  left(row: RoomRow, accountId: string): Promise<void>;
  /** Somebody was put out, and with `addresses` whoever else is connected from there. */
  removed(row: RoomRow, accountId: string, addresses?: readonly string[]): Promise<void>;
  /** What one account may do in the room is another thing now. */
  rights(roomId: string, accountId: string): void;
  /** `memberIds`: those who were in it. */
  deleted(roomId: string, memberIds: readonly string[]): void;
}

/** In larger rooms comings and goings are told to nobody but the one who came or went. */
const quietAbove = 200;

export function createRoomNews({ access, broadcast, presenter, accounts }: NewsDeps): RoomNews {
  async function membership(change: "joined" | "left" | "removed", row: RoomRow, accountId: string): Promise<Room> {
    access.changed({ roomId: row.id, accountId });
    const [room, profiles] = await Promise.all([presenter.room(row), accounts.profiles([accountId])]);
    const account: Profile = profileOf(accountId, profiles);
    if (room.memberCount <= quietAbove) {
      broadcast.room(row.id, { type: "room", roomId: row.id, change, room, account });
    }
    return room;
  }

  return {
    async settings(row) {
      access.changed({ roomId: row.id });
      broadcast.room(row.id, {
        type: "room",
        roomId: row.id,
        change: "settings",
        room: await presenter.room(row),
      });
      if (row.guests === "none" && row.kind === "public") broadcast.evict(row.id, { guests: true });
    },

    async joined(row, accountId) {
      const room = await membership("joined", row, accountId);
      broadcast.account(accountId, { type: "room", roomId: row.id, change: "joined", room });
    },

    async left(row, accountId) {
      await membership("left", row, accountId);
      broadcast.account(accountId, { type: "room", roomId: row.id, change: "left" });
      if (row.kind !== "public") broadcast.evict(row.id, { accountId });
    },

    async removed(row, accountId, addresses = []) {
      await membership("removed", row, accountId);
      // His own connections hear it although they are unsubscribed at the same moment.
      broadcast.account(accountId, { type: "room", roomId: row.id, change: "removed" });
      broadcast.evict(row.id, { accountId });
      for (const addressHash of addresses) broadcast.evict(row.id, { addressHash });
    },

    rights(roomId, accountId) {
      access.changed({ roomId, accountId });
      broadcast.account(accountId, { type: "room", roomId, change: "rights" });
    },

    deleted(roomId, memberIds) {
      access.changed({ roomId });
      broadcast.room(roomId, { type: "room", roomId, change: "deleted" });
      for (const accountId of memberIds.slice(0, quietAbove)) {
        broadcast.account(accountId, { type: "room", roomId, change: "deleted" });
      }
      broadcast.evict(roomId, {});
    },
  };
}
