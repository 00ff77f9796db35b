import { createHash } from "node:crypto";
import type { Invite, Profile } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { AccountCaller, Caller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { roleOf, targetOf } from "../access.cache.ts";
import type { Access, RoomContext } from "../access.ts";
import { addressBansApply, isGuest } from "../chat.policy.ts";
import type { Accounts } from "../chat.ports.ts";
import type { RoomRow } from "../chat.tables.ts";
import type { SanctionsStore } from "../moderation/sanctions.store.ts";
import type { RoomNews } from "../rooms/room.news.ts";
import { profileOf } from "../rooms/room.presenter.ts";
import type { RoomsStore } from "../rooms/rooms.store.ts";
import type { InviteRow, InvitesStore } from "./invites.store.ts";

export interface InvitesDeps {
  store: InvitesStore;
  rooms: Pick<RoomsStore, "find" | "counts">;
  sanctions: Pick<SanctionsStore, "inForce">;
  access: Access;
  accounts: Pick<Accounts, "profiles" | "role">;
  news: RoomNews;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

export interface InvitePreview {
  roomId: string;
  name: string;
  topic: string;
  memberCount: number;
  joined: boolean;
}

/** 192 bits: nobody finds a token by trying, so that a plain hash of it is enough. */
const tokenBytes = 24;

/** Invite links to rooms. */
export class Invites {
  private readonly deps: InvitesDeps;

  constructor(deps: InvitesDeps) {
    this.deps = deps;
  }

  /** Links that work, newest first, without their tokens: those were shown once. */
  async list(caller: AccountCaller, roomId: string): Promise<Invite[]> {
    await this.inviting(caller, roomId);
    const rows = await this.deps.store.working(roomId, this.deps.clock.now());
    const profiles = await this.deps.accounts.profiles([...new Set(rows.map((row) => row.created_by))]);
    return rows.map((row) => inviteOf(row, profiles));
  }

  /** A new link; the answer is the only place where its token is shown. */
  async create(
    caller: AccountCaller,
    roomId: string,
    terms: { expiresInSeconds?: number | undefined; maxUses: number },
  ): Promise<Invite> {
    const { store, accounts, audit, clock, ids } = this.deps;
    await this.inviting(caller, roomId);
    const token = ids.secret(tokenBytes);
    const now = clock.now();
    const row: InviteRow = {
      id: ids.uuid(),
      room_id: roomId,
      token_hash: hashOf(token),
      created_by: caller.accountId,
      created_at: now,
      expires_at: terms.expiresInSeconds === undefined ? null : now + terms.expiresInSeconds * 1000,
      max_uses: terms.maxUses,
      uses: 0,
      revoked_at: null,
    };
    if (!(await store.add(row))) throw new AppError("room.not_found", "There is no such room.");
    await audit.record({
      actorId: caller.accountId,
      action: "invite.created",
      subject: { kind: "invite", id: row.id },
      details: { roomId, maxUses: row.max_uses },
    });
    return { ...inviteOf(row, await accounts.profiles([row.created_by])), token };
  }

  /** Throws `invite.not_found` for one that is not there or was revoked before. */
  async revoke(caller: AccountCaller, roomId: string, inviteId: string): Promise<void> {
    await this.inviting(caller, roomId);
    if (!(await this.deps.store.revoke(roomId, inviteId, this.deps.clock.now()))) throw notFound();
    await this.deps.audit.record({
      actorId: caller.accountId,
      action: "invite.revoked",
      subject: { kind: "invite", id: inviteId },
      details: { roomId },
    });
  }

  /** What the link leads to. Throws `invite.not_found`, `invite.expired`, `member.banned`. */
  async preview(caller: Caller, token: string): Promise<InvitePreview> {
    const { room, joined } = await this.opened(caller, token);
    const counts = await this.deps.rooms.counts([room.id]);
    return { roomId: room.id, name: room.name, topic: room.topic, memberCount: counts.get(room.id) ?? 0, joined };
  }

  /**
   * Joins by the link and returns the room's id. A member stays one, and nothing is counted. Throws as `preview` does,
   * and `room.guests_not_allowed` for guests, who have to register first.
   */
  async accept(caller: AccountCaller, token: string): Promise<string> {
    const { room, joined } = await this.opened(caller, token);
    if (joined) return room.id;
    if (isGuest(await roleOf(caller, this.deps.accounts))) {
      throw new AppError("room.guests_not_allowed", "Guests cannot be members of a room. Register first.");
    }
    if (room.archived_at !== null) throw new AppError("room.archived", "The room is archived.");
    const result = await this.deps.store.accept(hashOf(token), caller.accountId, this.deps.clock.now());
    if (result === "refused") throw expired();
    if (result === "joined") await this.deps.news.joined(room, caller.accountId);
    return room.id;
  }

  /** Whether the token is one of a link that works now: for registration by invite. */
  async valid(token: string): Promise<boolean> {
    const row = await this.deps.store.byToken(hashOf(token));
    return row !== undefined && works(row, this.deps.clock.now());
  }

  private async inviting(caller: AccountCaller, roomId: string): Promise<RoomContext> {
    const context = await this.deps.access.load(caller, roomId);
    if (context.room.kind === "direct") {
      throw new AppError("room.direct_immutable", "The people of a direct room stay the same.");
    }
    if (!context.rights.moderate) throw new AppError("room.forbidden", "Only moderators of the room invite to it.");
    return context;
  }

  private async opened(caller: Caller, token: string): Promise<{ room: RoomRow; joined: boolean }> {
    const { store, rooms, clock } = this.deps;
    const row = await store.byToken(hashOf(token));
    if (row === undefined || row.revoked_at !== null) throw notFound();
    const target = targetOf(caller);
    const found = await rooms.find(row.room_id, target.accountId);
    if (found === undefined) throw notFound();
    const joined = found.member !== null;
    if (!joined && !works(row, clock.now())) throw expired();
    await this.refuseBanned(caller, row.room_id);
    return { room: found.room, joined };
  }

  private async refuseBanned(caller: Caller, roomId: string): Promise<void> {
    const { sanctions, accounts, clock } = this.deps;
    const role = await roleOf(caller, accounts);
    const inForce = await sanctions.inForce(targetOf(caller), [roomId], clock.now());
    const bans = inForce.filter((row) => row.kind === "ban" && (row.address_hash === null || addressBansApply(role)));
    if (bans.length > 0) throw new AppError("member.banned", "You are banned from this room.");
  }
}

function works(row: InviteRow, now: number): boolean {
  const unused = row.max_uses === 0 || row.uses < row.max_uses;
  return row.revoked_at === null && unused && (row.expires_at === null || row.expires_at > now);
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function inviteOf(row: InviteRow, profiles: ReadonlyMap<string, Profile>): Invite {
  return {
    inviteId: row.id,
    roomId: row.room_id,
    createdBy: profileOf(row.created_by, profiles),
    createdAt: isoTime(row.created_at),
    ...(row.expires_at === null ? {} : { expiresAt: isoTime(row.expires_at) }),
    maxUses: row.max_uses,
    uses: row.uses,
  };
}

function notFound(): AppError {
  return new AppError("invite.not_found", "There is no such invite.");
}

function expired(): AppError {
  return new AppError("invite.expired", "This invite has expired or was used up.");
}
