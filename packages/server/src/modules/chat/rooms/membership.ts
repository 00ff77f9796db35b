import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Access, RoomContext } from "../access.ts";
import { outranks, type Standing } from "../chat.policy.ts";
import type { Accounts } from "../chat.ports.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { MembersStore } from "./members.store.ts";
import type { RoomNews } from "./room.news.ts";
import type { RoomsStore } from "./rooms.store.ts";

export interface MembershipDeps {
  members: MembersStore;
  rooms: Pick<RoomsStore, "find">;
  access: Access;
  accounts: Pick<Accounts, "role">;
  news: RoomNews;
  audit: Audit;
  clock: Clock;
}

/** How people come into rooms and out of them. */
export class Membership {
  private readonly deps: MembershipDeps;

  constructor(deps: MembershipDeps) {
    this.deps = deps;
  }

  /**
   * Makes the caller a member of a public room. Idempotent. Throws as `access.load` does, `room.guests_not_allowed`
   * for guests, who read and write without being members, and `room.archived`.
   */
  async join(caller: AccountCaller, roomId: string): Promise<void> {
    const { access } = this.deps;
    const context = await access.load(caller, roomId);
    if (context.member !== null) return;
    if (context.role === "guest") throw new AppError("room.guests_not_allowed", "Guests cannot be members of a room.");
    if (context.room.kind !== "public") throw notFound();
    if (context.room.archived_at !== null) throw new AppError("room.archived", "The room is archived.");
    await this.enter(context.room, caller.accountId);
  }

  /** Joins a new account to `roomId` if there is such a room. Idempotent; guests stay outside. */
  async welcome(accountId: string, roomId: string): Promise<void> {
    const role = await this.deps.accounts.role(accountId);
    if (role === undefined || role === "guest") return;
    const found = await this.deps.rooms.find(roomId, accountId);
    if (found !== undefined && found.member === null) await this.enter(found.room, accountId);
  }

  /** Leaves a room. Throws `room.direct_immutable`, and `room.forbidden` for the last member of a private room. */
  async leave(caller: AccountCaller, roomId: string): Promise<void> {
    const { access, members, news } = this.deps;
    const { room, member } = await access.load(caller, roomId);
    if (room.kind === "direct") throw new AppError("room.direct_immutable", "A direct room cannot be left.");
    if (member === null) return;
    const result = await members.remove(roomId, caller.accountId);
    if (result === "last") {
      throw new AppError("room.forbidden", "You are the last one in this room. Delete it instead.");
    }
    if (result === "removed") await this.tellLeft(() => news.left(room, caller.accountId), room);
  }

  /** Puts a member out, who may come back where the room lets him. Throws `member.not_found`, `room.forbidden`. */
  async remove(caller: AccountCaller, roomId: string, accountId: string): Promise<void> {
    const { access, members, news, audit } = this.deps;
    const context = await access.load(caller, roomId);
    if (context.room.kind === "direct") {
      throw new AppError("room.direct_immutable", "The people of a direct room stay the same.");
    }
    await this.mayActOn(context, accountId);
    if ((await members.remove(roomId, accountId)) === "absent") throw memberNotFound();
    await audit.record({
      actorId: caller.accountId,
      action: "member.removed",
      subject: { kind: "account", id: accountId },
      details: { roomId },
    });
    await this.tellLeft(() => news.removed(context.room, accountId), context.room);
  }

  /**
   * Throws `room.forbidden` unless the caller of `context` moderates the room and ranks above the account;
   * `account.not_found` for an unknown account. Returns the account's standing in the room.
   */
  async mayActOn(context: RoomContext, accountId: string): Promise<Standing> {
    if (!context.rights.moderate) throw new AppError("room.forbidden", "You are no moderator of this room.");
    const [role, member] = await Promise.all([
      this.deps.accounts.role(accountId),
      this.deps.members.find(context.room.id, accountId),
    ]);
    if (role === undefined) throw new AppError("account.not_found", "There is no such account.");
    const actor = { role: context.role, roomRole: context.member?.roomRole ?? null };
    const target = { role, roomRole: member?.room_role ?? null };
    if (!outranks(context.room, actor, target)) {
      throw new AppError("room.forbidden", "You may not act on somebody of your own or a higher rank.");
    }
    return target;
  }

  private async enter(room: RoomRow, accountId: string): Promise<void> {
    const { members, news, clock } = this.deps;
    if (await members.add(room.id, accountId, clock.now())) await news.joined(room, accountId);
  }

  /** In a private room somebody else may have become its owner by it. */
  private async tellLeft(tell: () => Promise<void>, room: RoomRow): Promise<void> {
    if (room.kind === "private") this.deps.access.changed({ roomId: room.id });
    await tell();
  }
}

function notFound(): AppError {
  return new AppError("room.not_found", "There is no such room.");
}

function memberNotFound(): AppError {
  return new AppError("member.not_found", "That account is no member of this room.");
}
