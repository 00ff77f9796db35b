import { type ErrorCode, hasRole, type Role, type RoomKind, type RoomRights, roles } from "@foyer/protocol";
import type { WriteBlock } from "./chat.ports.ts";
import type { RoomRow } from "./chat.tables.ts";

/** The part of a room that decides who may do what. */
export type RoomTerms = Pick<RoomRow, "kind" | "guests" | "archived_at">;

/** Somebody in a room: `role` of the server (null: anonymous), `roomRole` null when he is no member. */
export interface Standing {
  role: Role | null;
  roomRole: "owner" | "member" | null;
}

/** A mute that is in force. `until` in milliseconds since 1970, null: until it is lifted. */
export interface Mute {
  until: number | null;
}

const nothing = { read: false, write: false, moderate: false, manage: false, mentionRoom: false };

/** Whether somebody is no more than a guest of the server. */
export function isGuest(role: Role | null): boolean {
  return role === null || role === "guest";
}

/**
 * What the standing gives in the room, before mutes and archiving are looked at. Public rooms are read by every
 * account, by guests as the room says; the server's moderators moderate and its admins manage them. Private rooms are
 * their members' alone: the room's owner manages and moderates, moderators of the server moderate if they are members.
 * Direct rooms are moderated and managed by nobody.
 */
export function entitlements(room: RoomTerms, { role, roomRole }: Standing): RoomRights & { read: boolean } {
  if (room.kind === "public") {
    if (isGuest(role)) return { ...nothing, read: room.guests !== "none", write: room.guests === "write" };
    const moderate = role !== null && hasRole(role, "moderator");
    const manage = role !== null && hasRole(role, "admin");
    return { read: true, write: true, moderate, manage, mentionRoom: moderate };
  }
  if (roomRole === null || role === null || role === "guest") return nothing;
  if (room.kind === "direct") return { ...nothing, read: true, write: true };
  const manage = roomRole === "owner";
  const moderate = manage || hasRole(role, "moderator");
  return { read: true, write: true, moderate, manage, mentionRoom: moderate };
}

/**
 * Why the room stays closed to somebody who may not read it. Rooms that are not public do not exist for those outside.
 */
export function closedTo(room: RoomTerms, role: Role | null): { code: ErrorCode; message: string } {
  if (room.kind !== "public") return { code: "room.not_found", message: "There is no such room." };
  if (role === null) return { code: "auth.required", message: "Sign in to read this room." };
  return { code: "room.guests_not_allowed", message: "This room does not let guests in." };
}

/** Why somebody who may read the room may not write in it now, or null. The reason that lasts longest comes first. */
export function writeBlock(room: RoomTerms, standing: Standing, mute: Mute | undefined): WriteBlock | null {
  if (room.archived_at !== null) return { code: "room.archived", message: "The room is archived." };
  if (!entitlements(room, standing).write) {
    if (standing.role === null) return { code: "auth.required", message: "Sign in to write here." };
    return { code: "room.guests_not_allowed", message: "Guests may only read here." };
  }
  if (mute === undefined) return null;
  if (mute.until === null) return { code: "member.muted", message: "You are muted here." };
  return { code: "member.timed_out", message: "You are timed out here.", until: mute.until };
}

/** What the caller may do in the room now: entitlements, without writing where that is blocked. */
export function rightsNow(
  room: RoomTerms,
  standing: Standing,
  mute: Mute | undefined,
): { rights: RoomRights & { read: boolean }; block: WriteBlock | null } {
  const rights = entitlements(room, standing);
  const block = writeBlock(room, standing, mute);
  return { rights: block === null ? rights : { ...rights, write: false, mentionRoom: false }, block };
}

/**
 * Whether `actor` ranks above `target`, so that he may act on him or on what he wrote: by the server's roles, and
 * among equals of a private room its owner above its members. Nobody ranks above himself or his equals.
 */
export function outranks(room: Pick<RoomRow, "kind"> | null, actor: Standing, target: Standing): boolean {
  const difference = rank(target.role) - rank(actor.role);
  if (difference !== 0) return difference > 0;
  return room?.kind === "private" && actor.roomRole === "owner" && target.roomRole !== "owner";
}

/** Whether the role is enough to make a room of this kind: public by moderators, others by every member. */
export function mayCreate(kind: RoomKind, role: Role): boolean {
  return hasRole(role, kind === "public" ? "moderator" : "member");
}

/** Bans by address pass by the staff: otherwise banning a neighbour would ban an admin behind the same router. */
export function addressBansApply(role: Role | null): boolean {
  return role === null || !hasRole(role, "moderator");
}

/** 0 is the highest; anonymous callers come last. */
function rank(role: Role | null): number {
  return role === null ? roles.length : roles.indexOf(role);
}
