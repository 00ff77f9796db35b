import { hasRole, type Role } from "./constants.ts";
import type { Endpoint } from "./endpoints.ts";
import type { ClientAction } from "./frames.ts";

/**
 * What a token for programs may do. Each stands for itself: a token that shall read and write has both. No scope gives
 * more than the account itself may do.
 *
 * - `read`: rooms, messages, people, search, and live events over the socket
 * - `write`: sending, changing and deleting one's own messages, reactions, joining and leaving, making rooms, reports
 * - `moderate`: other people's messages, mutes, bans, filters, reports, settings of rooms
 * - `admin`: accounts and their roles, the audit trail, settings of the server
 */
export const tokenScopes = ["read", "write", "moderate", "admin"] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** `none`: any token will do. `session`: no token for programs will, only somebody who has signed in. */
export type NeededScope = TokenScope | "none" | "session";

/** Operations whose scope does not follow from their tag and method. */
const exceptions: Partial<Record<string, NeededScope>> = {
  health: "none",
  serverInfo: "none",
  session: "none",
  authMe: "none",
  authStatus: "none",
  listProviders: "none",
  // It opens a socket, where every action asks for its own scope.
  ticket: "none",
  reportMessage: "write",
  updateRoom: "moderate",
  deleteRoom: "moderate",
  removeMember: "moderate",
  pinMessage: "moderate",
  setPreference: "write",
  setQuietHours: "write",
  acceptStreamerInvite: "session",
  addPushDevice: "session",
  removePushDevice: "session",
  listRevisions: "moderate",
  exportVault: "session",
};

/** The role that a token for programs gives to an account of `role`: only with their scopes more than a member's. */
export function scopedRole(role: Role, held: readonly TokenScope[] | undefined): Role {
  if (held === undefined || held.includes("admin")) return role;
  const most = held.includes("moderate") ? "moderator" : "member";
  return hasRole(role, most) ? most : role;
}

/** What a token for programs needs for an HTTP operation. One's own account is only for people who have signed in. */
export function neededScope(name: string, { tag, method }: Pick<Endpoint, "tag" | "method">): NeededScope {
  const exception = exceptions[name];
  if (exception !== undefined) return exception;
  if (tag === "auth") return "session";
  if (tag === "admin") return "admin";
  if (tag === "moderation") return "moderate";
  // Where alerts go, and what they say to whom, is for programs that are trusted with the server.
  if (tag === "alerts" && method !== "GET") return "admin";
  return method === "GET" ? "read" : "write";
}

/** What a token for programs needs for an action of the socket. */
export const actionScopes: Record<ClientAction, NeededScope> = {
  subscribe: "read",
  unsubscribe: "none",
  sendMessage: "write",
  editMessage: "write",
  deleteMessage: "write",
  react: "write",
  markRead: "write",
  typing: "write",
  history: "read",
  authenticate: "none",
  ping: "none",
};

/** True when `held` is enough for `needed`. Undefined: not a token for programs but a session, which may do all. */
export function holdsScope(held: readonly TokenScope[] | undefined, needed: NeededScope): boolean {
  if (held === undefined || needed === "none") return true;
  return needed !== "session" && held.includes(needed);
}
