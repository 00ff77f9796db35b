import type { Room, RoomKind, RoomView, UpdateRoomBody } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller, Caller } from "../../../platform/caller/caller.ts";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { roleOf, targetOf } from "../access.cache.ts";
import type { Access, RoomContext } from "../access.ts";
import { addressBansApply, isGuest, mayCreate } from "../chat.policy.ts";
import type { Accounts } from "../chat.ports.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { SanctionsStore } from "../moderation/sanctions.store.ts";
import type { MembersStore } from "./members.store.ts";
import { contextOf } from "./room.context.ts";
import type { RoomNews } from "./room.news.ts";
import type { RoomPresenter } from "./room.presenter.ts";
import type { RoomChange, RoomsStore } from "./rooms.store.ts";

/** Id of the room that every new account finds itself in. */
export const generalId = "general";

export interface RoomsDeps {
  store: RoomsStore;
  members: MembersStore;
  sanctions: Pick<SanctionsStore, "inForce">;
  access: Access;
  accounts: Accounts;
  presenter: RoomPresenter;
  news: RoomNews;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** What somebody wants to make. `accountIds` of a direct room: the others, with or without the caller. */
export type NewRoom =
  | {
      kind: Exclude<RoomKind, "direct">;
      name: string;
      topic?: string | undefined;
      slowModeSeconds?: number | undefined;
      guests?: RoomRow["guests"] | undefined;
    }
  | { kind: "direct"; accountIds: readonly string[] };

/** How many public rooms a list shows; those one is a member of are always whole. */
const publicRoomsShown = 500;
const directPeople = 8;

/** Rooms: which there are, how they are made, changed and deleted. */
export class Rooms {
  private readonly deps: RoomsDeps;

  constructor(deps: RoomsDeps) {
    this.deps = deps;
  }

  /** The caller's own rooms, last used first, then public ones that he may join, by name. */
  async list(caller: Caller): Promise<RoomView[]> {
    const { store, sanctions, access, accounts, clock, presenter } = this.deps;
    await access.admit(caller);
    const target = targetOf(caller);
    const role = await roleOf(caller, accounts);
    const [joined, open, inForce] = await Promise.all([
      target.accountId === null ? [] : store.joined(target.accountId),
      store.public({ forGuests: isGuest(role), limit: publicRoomsShown }),
      sanctions.inForce(target, "all", clock.now()),
    ]);
    const own = new Set(joined.map(({ room }) => room.id));
    const entries = [
      ...joined.toSorted((a, b) => usedAt(b.room) - usedAt(a.room)),
      ...open.filter((room) => !own.has(room.id)).map((room) => ({ room, member: null })),
    ];
    const effective = inForce.filter((row) => row.address_hash === null || addressBansApply(role));
    const contexts = entries.flatMap(({ room, member }) => {
      const here = effective.filter((row) => row.room_id === null || row.room_id === room.id);
      if (here.some((row) => row.kind === "ban")) return [];
      const context = contextOf({ room, member, role, sanctions: here });
      return context.rights.read ? [context] : [];
    });
    return presenter.views(caller, contexts);
  }

  /** Throws as `access.load` does. */
  async get(caller: Caller, roomId: string): Promise<RoomView> {
    return this.view(caller, await this.deps.access.load(caller, roomId));
  }

  /** The room as the caller sees it, with the stream's present offset whenever the context was loaded. */
  async view(caller: Caller, context: RoomContext): Promise<RoomView> {
    const { row, room } = await this.shared(context.room.id);
    return this.deps.presenter.view(caller, { ...context, room: row }, room);
  }

  /** The part of a room that is the same for everybody in it. Throws `room.not_found`. */
  async shared(roomId: string): Promise<{ row: RoomRow; room: Room }> {
    const { store, presenter } = this.deps;
    const found = await store.find(roomId, null);
    if (found === undefined) throw notFound();
    return { row: found.room, room: await presenter.room(found.room) };
  }

  /**
   * Makes a room. For the same people there is one direct room: asked for again it is the answer.
   * Throws `room.forbidden` without the role for it, `account.not_found` for people who do not exist.
   */
  async create(caller: AccountCaller, input: NewRoom): Promise<RoomView> {
    const { access, accounts } = this.deps;
    await access.admit(caller);
    const role = (await roleOf(caller, accounts)) ?? "guest";
    if (!mayCreate(input.kind, role)) {
      throw new AppError("room.forbidden", `Your role is not enough to make a ${input.kind} room.`);
    }
    const room =
      input.kind === "direct" ? await this.openDirect(caller, input.accountIds) : await this.open(caller, input);
    return this.get(caller, room.id);
  }

  private async open(caller: AccountCaller, input: Extract<NewRoom, { name: string }>): Promise<RoomRow> {
    const { store, audit, news } = this.deps;
    const row = {
      ...this.newRow(input.kind, caller.accountId),
      name: input.name,
      topic: input.topic ?? "",
      slow_mode_seconds: input.slowModeSeconds ?? 0,
      guests: input.kind === "public" ? (input.guests ?? "none") : ("none" as const),
    };
    const { room } = await store.create(row, [
      { account_id: caller.accountId, room_role: input.kind === "private" ? "owner" : "member" },
    ]);
    await audit.record({
      actorId: caller.accountId,
      action: "room.created",
      subject: { kind: "room", id: room.id },
      details: { kind: room.kind },
    });
    await news.joined(room, caller.accountId);
    return room;
  }

  private async openDirect(caller: AccountCaller, others: readonly string[]): Promise<RoomRow> {
    const { store, accounts, news } = this.deps;
    const people = [...new Set([caller.accountId, ...others])].toSorted();
    if (people.length < 2 || people.length > directPeople) {
      throw new AppError("request.invalid", `A direct room is for 2 to ${directPeople} people.`);
    }
    const roles = await Promise.all(people.map((accountId) => accounts.role(accountId)));
    if (roles.some((role) => role === undefined)) throw new AppError("account.not_found", "There is no such account.");
    if (roles.some((role) => role === "guest")) {
      throw new AppError("room.guests_not_allowed", "Guests cannot be in direct rooms.");
    }
    const row = { ...this.newRow("direct", caller.accountId), direct_key: people.join(" ") };
    const members = people.map((accountId) => ({ account_id: accountId, room_role: "member" as const }));
    const { room, created } = await store.create(row, members);
    if (created) for (const accountId of people) await news.joined(room, accountId);
    return room;
  }

  private newRow(kind: RoomKind, createdBy: string | null): RoomRow {
    const { ids, clock } = this.deps;
    return {
      id: ids.uuid(),
      kind,
      name: "",
      topic: "",
      slow_mode_seconds: 0,
      guests: "none",
      archived_at: null,
      created_at: clock.now(),
      created_by: createdBy,
      epoch: ids.uuid(),
      head_offset: 0,
      last_message_at: null,
      direct_key: null,
    };
  }

  /** Changes settings. Throws `room.forbidden` without the manage right, `room.direct_immutable` in direct rooms. */
  async update(caller: AccountCaller, roomId: string, body: UpdateRoomBody): Promise<RoomView> {
    const { store, audit, clock, news } = this.deps;
    const { room } = await this.managed(caller, roomId);
    if (room.kind !== "public" && body.guests !== undefined && body.guests !== "none") {
      throw new AppError("room.guests_not_allowed", "Only public rooms let guests in.");
    }
    const change: RoomChange = {
      name: body.name,
      topic: body.topic,
      slow_mode_seconds: body.slowModeSeconds,
      guests: body.guests,
      archived_at: archivedAt(body.archived, room.archived_at ?? clock.now()),
    };
    const updated = await store.update(roomId, change);
    if (updated === undefined) throw notFound();
    const changed = Object.keys(body).toSorted().join(" ");
    await audit.record({
      actorId: caller.accountId,
      action: "room.updated",
      subject: { kind: "room", id: roomId },
      details: { changed },
    });
    await news.settings(updated);
    return this.get(caller, roomId);
  }

  /** Deletes the room with everything in it. The server's own room stays: archive it instead. */
  async remove(caller: AccountCaller, roomId: string): Promise<void> {
    const { store, members, audit, news } = this.deps;
    const { room } = await this.managed(caller, roomId);
    if (room.id === generalId) {
      throw new AppError("room.forbidden", "The server's own room cannot be deleted. Archive it instead.");
    }
    const memberIds = (await members.list(roomId)).map((member) => member.account_id);
    if (!(await store.remove(roomId))) throw notFound();
    await audit.record({
      actorId: caller.accountId,
      action: "room.deleted",
      subject: { kind: "room", id: roomId },
      details: { kind: room.kind, members: memberIds.length },
    });
    news.deleted(roomId, memberIds);
  }

  private async managed(caller: AccountCaller, roomId: string): Promise<RoomContext> {
    const context = await this.deps.access.load(caller, roomId);
    if (context.room.kind === "direct") {
      throw new AppError("room.direct_immutable", "Direct rooms have no settings.");
    }
    if (!context.rights.manage) throw new AppError("room.forbidden", "You may not change this room.");
    return context;
  }

  /**
   * Makes the server's own room where it is missing; a room that is there stays as it is. Of several nodes that start
   * at once one makes it.
   */
  async ensureGeneral(guests: RoomRow["guests"]): Promise<void> {
    const row = { ...this.newRow("public", null), id: generalId, name: "General", guests };
    await this.deps.store.create(row, []);
  }
}

function usedAt(room: RoomRow): number {
  return room.last_message_at ?? room.created_at;
}

function archivedAt(archived: boolean | undefined, at: number): number | null | undefined {
  if (archived === undefined) return undefined;
  return archived ? at : null;
}

function notFound(): AppError {
  return new AppError("room.not_found", "There is no such room.");
}
