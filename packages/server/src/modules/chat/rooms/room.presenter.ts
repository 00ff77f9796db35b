import type { Profile, Room, RoomRights, RoomView } from "@foyer/protocol";
import type { Caller } from "../../../platform/caller/caller.ts";
import { isoTime } from "../../../platform/clock/clock.ts";
import type { RoomContext } from "../access.ts";
import type { Accounts, Messages, ReadState } from "../chat.ports.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { MembersStore } from "./members.store.ts";
import type { RoomsStore } from "./rooms.store.ts";

export interface PresenterDeps {
  rooms: Pick<RoomsStore, "counts">;
  members: Pick<MembersStore, "people">;
  accounts: Pick<Accounts, "profiles">;
  unread: Messages["unread"];
}

/** Turns rooms into what travels. */
export interface RoomPresenter {
  /** As everybody in the room sees it: fit for a frame to many. */
  room(row: RoomRow): Promise<Room>;
  /** As the caller sees them, in the order of the contexts; everything is looked up for all of them together. */
  views(caller: Caller, contexts: readonly RoomContext[]): Promise<RoomView[]>;
  /** One room as the caller sees it, where what everybody sees is known already. */
  view(caller: Caller, context: RoomContext, room: Room): Promise<RoomView>;
  /** What to call a room in a sentence: its name, or the names of the people of a direct room. */
  names(rows: readonly RoomRow[]): Promise<Map<string, string>>;
}

export function createRoomPresenter({ rooms, members, accounts, unread }: PresenterDeps): RoomPresenter {
  async function present(rows: readonly RoomRow[]): Promise<Map<string, Room>> {
    const [counts, people] = await Promise.all([rooms.counts(rows.map((row) => row.id)), peopleOf(rows)]);
    return new Map(rows.map((row) => [row.id, roomOf(row, counts.get(row.id) ?? 0, people.get(row.id) ?? [])]));
  }

  async function peopleOf(rows: readonly RoomRow[]): Promise<Map<string, Profile[]>> {
    const direct = rows.filter((row) => row.kind === "direct").map((row) => row.id);
    if (direct.length === 0) return new Map();
    const ids = await members.people(direct);
    const profiles = await accounts.profiles([...new Set([...ids.values()].flat())]);
    return new Map([...ids].map(([roomId, people]) => [roomId, people.map((id) => profileOf(id, profiles))]));
  }

  return {
    async room(row) {
      const room = (await present([row])).get(row.id);
      return room ?? roomOf(row, 0, []);
    },

    async views(caller, contexts) {
      const joined = contexts.filter((context) => context.member !== null).map((context) => context.room.id);
      const [presented, places] = await Promise.all([
        present(contexts.map((context) => context.room)),
        caller.kind === "account" && joined.length > 0
          ? unread(caller.accountId, joined)
          : new Map<string, ReadState>(),
      ]);
      return contexts.map((context) => {
        const room = presented.get(context.room.id) ?? roomOf(context.room, 0, []);
        return viewOf(context, room, places.get(context.room.id));
      });
    },

    async view(caller, context, room) {
      const isMember = caller.kind === "account" && context.member !== null;
      const places = isMember ? await unread(caller.accountId, [context.room.id]) : undefined;
      return viewOf(context, room, places?.get(context.room.id));
    },

    async names(rows) {
      const people = await peopleOf(rows);
      const nameOf = (row: RoomRow) =>
        row.kind === "direct" ? (people.get(row.id) ?? []).map((person) => person.displayName).join(", ") : row.name;
      return new Map(rows.map((row) => [row.id, nameOf(row)]));
    },
  };
}

/** The profile, or a stand-in for an account that is gone. */
export function profileOf(accountId: string, profiles: ReadonlyMap<string, Profile>): Profile {
  return profiles.get(accountId) ?? { accountId, handle: "deleted", displayName: "Deleted account" };
}

function roomOf(row: RoomRow, memberCount: number, people: Profile[]): Room {
  return {
    roomId: row.id,
    kind: row.kind,
    name: row.name,
    topic: row.topic,
    slowModeSeconds: row.slow_mode_seconds,
    guests: row.guests,
    ...(row.archived_at === null ? {} : { archivedAt: isoTime(row.archived_at) }),
    createdAt: isoTime(row.created_at),
    memberCount,
    people,
  };
}

function viewOf(context: RoomContext, room: Room, place: ReadState | undefined): RoomView {
  const { room: row, writeBlock: block } = context;
  const mutedUntil = block?.until === undefined ? null : isoTime(block.until);
  const muted = block?.code === "member.muted" || block?.code === "member.timed_out";
  return {
    ...room,
    epoch: row.epoch,
    offset: row.head_offset,
    joined: context.member !== null,
    // Who has no marker has nothing that is unread.
    readOffset: place?.readOffset ?? row.head_offset,
    unread: place?.unread ?? 0,
    mentions: place?.mentions ?? 0,
    rights: rightsOf(context.rights),
    ...(row.last_message_at === null ? {} : { lastMessageAt: isoTime(row.last_message_at) }),
    ...(muted ? { mutedUntil } : {}),
  };
}

function rightsOf({ write, moderate, manage, mentionRoom }: RoomRights): RoomRights {
  return { write, moderate, manage, mentionRoom };
}
