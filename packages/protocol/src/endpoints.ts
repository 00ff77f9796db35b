import { z } from "zod";
import {
  account,
  auditEntry,
  changePasswordBody,
  loginBody,
  profile,
  registerBody,
  session,
  sessionState,
  signedIn,
  ticket,
  updateAccountBody,
  updateProfileBody,
} from "./accounts.ts";
import { alertEndpoints } from "./alerts/endpoints.ts";
import { limits } from "./limits.ts";
import {
  authStatus,
  linkList,
  permissionLevelChange,
  providerOffer,
  setPermissionLevelBody,
  signInProvider,
  startedLink,
  startLinkBody,
  whoAmI,
} from "./links.ts";
import { message, messagePage, revision } from "./messages.ts";
import {
  ban,
  banBody,
  closeReportBody,
  createWordFilterBody,
  muteBody,
  report,
  reportBody,
  wordFilter,
} from "./moderation.ts";
import {
  createInviteBody,
  createRoomBody,
  invite,
  invitePreview,
  memberPage,
  roomView,
  updateRoomBody,
} from "./rooms.ts";
import { routes } from "./routes.ts";
import {
  accountSecurity,
  addedPasskey,
  addPasskeyBody,
  confirmedTotp,
  confirmTotpBody,
  createdToken,
  createTokenBody,
  deleteAccountBody,
  exportVaultBody,
  passkey,
  passkeyOptions,
  passkeySignInBody,
  programToken,
  recoveryCodes,
  renamePasskeyBody,
  requestPasswordResetBody,
  resetPasswordBody,
  secondFactorBody,
  startedTotp,
  steppedUp,
  stepUpBody,
  verifiedEmail,
  verifyEmailBody,
} from "./security.ts";
import { handle, id, offset, roomId } from "./values.ts";

/** One HTTP operation. `path` uses `{name}` for parameters. `auth` is the least that a caller must be. */
export interface Endpoint {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  tag: string;
  summary: string;
  auth: "none" | "account" | "moderator" | "admin" | "owner";
  status: 200 | 201 | 204;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response?: z.ZodType;
  /** Media type of an answer that is a file instead of JSON. */
  file?: string;
  /**
   * A limit besides the ordinary one. `management`: whatever decides how the server is run, and later the seeds' paths
   * under /api/guilds, /api/streamers and /api/users. Moderating people and messages is none of it: in a raid
   * moderators must be quick. `webhooks`: what outside services send by themselves.
   */
  limit?: "management" | "webhooks";
}

const none = z.object({});
const inRoom = z.object({ roomId });
const onMessage = z.object({ roomId, messageId: id });
const pageQuery = { cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(100).default(50) };
const atProvider = z.object({ provider: signInProvider });
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });

/** Every HTTP operation of the API: the server mounts them, the client calls them, OpenAPI is generated from them. */
export const endpoints = {
  health: {
    ...routes.health, tag: "server", summary: "Liveness and readiness", auth: "none",
    response: z.object({ status: z.enum(["ok", "stopping", "failing"]), version: z.string(), backend: z.string() }),
  },

  register: { ...routes.register, tag: "auth", summary: "Create an account and sign in", auth: "none", body: registerBody, response: signedIn },
  login: { ...routes.login, tag: "auth", summary: "Sign in", auth: "none", body: loginBody, response: signedIn },
  guest: { ...routes.guest, tag: "auth", summary: "Become a guest that can come back", auth: "none", response: signedIn },
  logout: { ...routes.logout, tag: "auth", summary: "Sign out", auth: "none" },
  session: { ...routes.session, tag: "auth", summary: "Who is signed in", auth: "none", response: sessionState },
  ticket: { ...routes.ticket, tag: "auth", summary: "One-time ticket for a socket: 30 s, one use", auth: "account", response: ticket },
  listSessions: { ...routes.listSessions, tag: "auth", summary: "One's own sessions", auth: "account", response: list(session) },
  revokeSession: { ...routes.revokeSession, tag: "auth", summary: "Revoke one of one's own sessions", auth: "account", params: z.object({ sessionId: id }) },
  revokeOtherSessions: { ...routes.revokeOtherSessions, tag: "auth", summary: "Revoke all of one's sessions but this one", auth: "account" },
  updateProfile: { ...routes.updateProfile, tag: "auth", summary: "Change one's own profile", auth: "account", body: updateProfileBody, response: account },
  changePassword: { ...routes.changePassword, tag: "auth", summary: "Change one's password, or set the first one (step-up); other sessions end", auth: "account", body: changePasswordBody },

  completeSignIn: { ...routes.completeSignIn, tag: "auth", summary: "Go on signing in by a second factor", auth: "none", body: secondFactorBody, response: signedIn },
  startPasskeySignIn: { ...routes.startPasskeySignIn, tag: "auth", summary: "Begin to use a passkey: for signing in, as a second factor, for a step-up", auth: "none", response: passkeyOptions },
  passkeySignIn: { ...routes.passkeySignIn, tag: "auth", summary: "Sign in by a passkey alone", auth: "none", body: passkeySignInBody, response: signedIn },
  requestPasswordReset: { ...routes.requestPasswordReset, tag: "auth", summary: "Ask for an e-mail that lets one set a new password", auth: "none", body: requestPasswordResetBody },
  resetPassword: { ...routes.resetPassword, tag: "auth", summary: "Set a new password by what the e-mail brought; all sessions end", auth: "none", body: resetPasswordBody },
  requestEmailVerification: { ...routes.requestEmailVerification, tag: "auth", summary: "Ask for an e-mail that shows that the address is one's own", auth: "account" },
  verifyEmail: { ...routes.verifyEmail, tag: "auth", summary: "Show that an address is one's own by what the e-mail brought", auth: "none", body: verifyEmailBody, response: verifiedEmail },
  getSecurity: { ...routes.getSecurity, tag: "auth", summary: "How one's account is guarded", auth: "account", response: accountSecurity },
  stepUp: { ...routes.stepUp, tag: "auth", summary: "Show again that it is you, before a dangerous act; the session is exchanged", auth: "account", body: stepUpBody, response: steppedUp },
  startTotp: { ...routes.startTotp, tag: "auth", summary: "Begin with an authenticator app (step-up)", auth: "account", response: startedTotp },
  confirmTotp: { ...routes.confirmTotp, tag: "auth", summary: "Turn the authenticator app on by a first code", auth: "account", body: confirmTotpBody, response: confirmedTotp },
  removeTotp: { ...routes.removeTotp, tag: "auth", summary: "Turn the authenticator app off (step-up)", auth: "account" },
  renewRecoveryCodes: { ...routes.renewRecoveryCodes, tag: "auth", summary: "New recovery codes; the old ones end (step-up)", auth: "account", response: recoveryCodes },
  startPasskey: { ...routes.startPasskey, tag: "auth", summary: "Begin to add a passkey (step-up)", auth: "account", response: passkeyOptions },
  addPasskey: { ...routes.addPasskey, tag: "auth", summary: "Add a passkey (step-up)", auth: "account", body: addPasskeyBody, response: addedPasskey },
  renamePasskey: { ...routes.renamePasskey, tag: "auth", summary: "Give a passkey another name", auth: "account", params: z.object({ passkeyId: id }), body: renamePasskeyBody, response: passkey },
  removePasskey: { ...routes.removePasskey, tag: "auth", summary: "Remove a passkey (step-up)", auth: "account", params: z.object({ passkeyId: id }) },
  listTokens: { ...routes.listTokens, tag: "auth", summary: "One's tokens for programs", auth: "account", response: list(programToken) },
  createToken: { ...routes.createToken, tag: "auth", summary: "Make a token for a program; it is shown once (step-up for the scope admin)", auth: "account", body: createTokenBody, response: createdToken },
  revokeToken: { ...routes.revokeToken, tag: "auth", summary: "Revoke a token for programs", auth: "account", params: z.object({ tokenId: id }) },
  exportAccount: { ...routes.exportAccount, tag: "auth", summary: "All that is kept about one, as a file of JSON lines (step-up)", auth: "account", file: "application/x-ndjson" },
  deleteAccount: { ...routes.deleteAccount, tag: "auth", summary: "Delete one's account (step-up)", auth: "account", body: deleteAccountBody },

  listProviders: { ...routes.listProviders, tag: "auth", summary: "Providers that one can sign in with", auth: "none", response: list(providerOffer) },
  listLinks: { ...routes.listLinks, tag: "auth", summary: "Outside accounts that are linked to one's own", auth: "account", response: linkList },
  startLink: { ...routes.startLink, tag: "auth", summary: "Begin to link an outside account, or to renew the link", auth: "account", params: atProvider, body: startLinkBody, response: startedLink },
  unlink: { ...routes.unlink, tag: "auth", summary: "Unlink an outside account; the last way to sign in stays", auth: "account", params: atProvider },
  setPermissionLevel: { ...routes.setPermissionLevel, tag: "auth", summary: "Choose what Foyer may do at the provider", auth: "account", params: atProvider, body: setPermissionLevelBody, response: permissionLevelChange },
  authStatus: { ...routes.authStatus, tag: "auth", summary: "What is set up for signing in from outside", auth: "none", response: authStatus },
  authMe: { ...routes.authMe, tag: "auth", summary: "Who one is", auth: "account", response: whoAmI },

  searchAccounts: { ...routes.searchAccounts, tag: "accounts", summary: "Find accounts by handle or name", auth: "account", query: z.object({ q: z.string().max(64).default(""), limit: z.coerce.number().int().min(1).max(50).default(10) }), response: list(profile) },
  getAccountByHandle: { ...routes.getAccountByHandle, tag: "accounts", summary: "One account by its handle", auth: "account", params: z.object({ handle }), response: profile },

  listRooms: { ...routes.listRooms, tag: "rooms", summary: "Rooms that one is in, and public ones that one may join", auth: "none", response: list(roomView) },
  createRoom: { ...routes.createRoom, tag: "rooms", summary: "Create a room, or open a direct one", auth: "account", body: createRoomBody, response: roomView },
  getRoom: { ...routes.getRoom, tag: "rooms", summary: "One room", auth: "none", params: inRoom, response: roomView },
  updateRoom: { ...routes.updateRoom, tag: "rooms", summary: "Change a room's settings", auth: "account", params: inRoom, body: updateRoomBody, response: roomView },
  deleteRoom: { ...routes.deleteRoom, tag: "rooms", summary: "Delete a room and all that is in it", auth: "account", params: inRoom },
  joinRoom: { ...routes.joinRoom, tag: "rooms", summary: "Join a public room", auth: "account", params: inRoom, response: roomView },
  leaveRoom: { ...routes.leaveRoom, tag: "rooms", summary: "Leave a room", auth: "account", params: inRoom },
  listMembers: { ...routes.listMembers, tag: "rooms", summary: "Members, by name", auth: "none", params: inRoom, query: z.object({ ...pageQuery, q: z.string().max(64).optional() }), response: memberPage },
  removeMember: { ...routes.removeMember, tag: "rooms", summary: "Remove a member", auth: "account", params: z.object({ roomId, accountId: id }) },
  markRoomRead: { ...routes.markRoomRead, tag: "rooms", summary: "Mark read up to an offset", auth: "account", params: inRoom, body: z.strictObject({ offset }), response: z.object({ readOffset: offset, unread: z.number().int(), mentions: z.number().int() }) },

  listInvites: { ...routes.listInvites, tag: "invites", summary: "Invite links that still work", auth: "account", params: inRoom, response: list(invite) },
  createInvite: { ...routes.createInvite, tag: "invites", summary: "Create an invite link", auth: "account", params: inRoom, body: createInviteBody, response: invite },
  revokeInvite: { ...routes.revokeInvite, tag: "invites", summary: "Revoke an invite link", auth: "account", params: z.object({ roomId, inviteId: id }) },
  getInvite: { ...routes.getInvite, tag: "invites", summary: "What an invite link leads to", auth: "none", params: z.object({ token: z.string().max(128) }), response: invitePreview },
  acceptInvite: { ...routes.acceptInvite, tag: "invites", summary: "Join by an invite link", auth: "account", params: z.object({ token: z.string().max(128) }), response: roomView },

  listMessages: { ...routes.listMessages, tag: "messages", summary: "A page of history: before, after or around an offset; the newest without", auth: "none", params: inRoom, query: z.object({ before: z.coerce.number().int().min(0).optional(), after: z.coerce.number().int().min(0).optional(), around: id.optional(), limit: pageQuery.limit }), response: messagePage },
  sendMessage: { ...routes.sendMessage, tag: "messages", summary: "Send a message", auth: "none", params: inRoom, body: z.strictObject({ message: z.string(), clientId: z.string().max(64).optional(), replyTo: id.optional() }), response: z.object({ messageId: id, offset, duplicate: z.boolean() }) },
  getMessage: { ...routes.getMessage, tag: "messages", summary: "One message", auth: "none", params: onMessage, response: message },
  editMessage: { ...routes.editMessage, tag: "messages", summary: "Edit one's own message", auth: "account", params: onMessage, body: z.strictObject({ message: z.string() }), response: z.object({ offset }) },
  deleteMessage: { ...routes.deleteMessage, tag: "messages", summary: "Delete a message: one's own, or any as a moderator", auth: "account", params: onMessage, response: z.object({ offset }) },
  pinMessage: { ...routes.pinMessage, tag: "messages", summary: "Pin or unpin a message", auth: "account", params: onMessage, body: z.strictObject({ on: z.boolean() }), response: z.object({ offset }) },
  listPins: { ...routes.listPins, tag: "messages", summary: "Pinned messages, newest pin first", auth: "none", params: inRoom, response: list(message) },
  listRevisions: { ...routes.listRevisions, tag: "messages", summary: "Earlier texts of a message, for moderators", auth: "account", params: onMessage, response: list(revision) },
  search: { ...routes.search, tag: "messages", summary: "Full-text search in rooms that one may read; newest first", auth: "account", query: z.object({ q: z.string().trim().min(1).max(200), roomId: roomId.optional(), from: handle.optional(), ...pageQuery }), response: list(z.object({ message, roomName: z.string(), snippet: z.string() })) },

  muteMember: { ...routes.muteMember, tag: "moderation", summary: "Mute a member, or time out", auth: "account", params: inRoom, body: muteBody },
  unmuteMember: { ...routes.unmuteMember, tag: "moderation", summary: "Let a member write again", auth: "account", params: z.object({ roomId, accountId: id }) },
  listBans: { ...routes.listBans, tag: "moderation", summary: "Bans of a room", auth: "account", params: inRoom, response: list(ban) },
  banMember: { ...routes.banMember, tag: "moderation", summary: "Ban from a room", auth: "account", params: inRoom, body: banBody, response: ban },
  liftBan: { ...routes.liftBan, tag: "moderation", summary: "Lift a ban of a room", auth: "account", params: z.object({ roomId, banId: id }) },
  listServerBans: { ...routes.listServerBans, limit: "management", tag: "moderation", summary: "Bans of the whole server", auth: "moderator", response: list(ban) },
  banFromServer: { ...routes.banFromServer, limit: "management", tag: "moderation", summary: "Ban from the whole server", auth: "moderator", body: banBody, response: ban },
  liftServerBan: { ...routes.liftServerBan, limit: "management", tag: "moderation", summary: "Lift a ban of the whole server", auth: "moderator", params: z.object({ banId: id }) },
  reportMessage: { ...routes.reportMessage, tag: "moderation", summary: "Report a message to the moderators", auth: "account", params: onMessage, body: reportBody },
  listReports: { ...routes.listReports, tag: "moderation", summary: "Reports, open ones first", auth: "moderator", query: z.object({ state: z.enum(["open", "closed"]).default("open"), ...pageQuery }), response: list(report) },
  closeReport: { ...routes.closeReport, tag: "moderation", summary: "Close a report", auth: "moderator", params: z.object({ reportId: id }), body: closeReportBody },
  listWordFilters: { ...routes.listWordFilters, limit: "management", tag: "moderation", summary: "Word filters", auth: "moderator", response: list(wordFilter) },
  createWordFilter: { ...routes.createWordFilter, limit: "management", tag: "moderation", summary: "Add a word filter", auth: "moderator", body: createWordFilterBody, response: wordFilter },
  deleteWordFilter: { ...routes.deleteWordFilter, limit: "management", tag: "moderation", summary: "Remove a word filter", auth: "moderator", params: z.object({ filterId: id }) },

  listAccounts: { ...routes.listAccounts, limit: "management", tag: "admin", summary: "All accounts", auth: "admin", query: z.object({ q: z.string().max(64).default(""), ...pageQuery }), response: list(account) },
  updateAccount: { ...routes.updateAccount, limit: "management", tag: "admin", summary: "Change an account's role, or suspend it", auth: "admin", params: z.object({ accountId: id }), body: updateAccountBody, response: account },
  listAudit: { ...routes.listAudit, limit: "management", tag: "admin", summary: "Audit entries, newest first", auth: "owner", query: z.object({ action: z.string().max(64).optional(), actor: id.optional(), ...pageQuery }), response: list(auditEntry) },
  exportVault: { ...routes.exportVault, limit: "management", tag: "admin", summary: "All credentials of outside accounts, as a file that is sealed for a passphrase (step-up)", auth: "owner", body: exportVaultBody, file: "application/vnd.foyer.vault" },
  serverInfo: { ...routes.serverInfo, tag: "server", summary: "Name, version and limits of this server", auth: "none", response: z.object({ version: z.string(), limits, features: none.catchall(z.boolean()) }) },
  ...alertEndpoints,
} as const satisfies Record<string, Endpoint>;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;

type In<T> = T extends z.ZodType ? z.input<T> : undefined;

/** Which fields may be left out is the input's; their types are the parsed ones, since a query coerces texts. */
type QueryIn<T> = T extends z.ZodType
  ? { [K in keyof z.input<T>]: K extends keyof z.output<T> ? z.output<T>[K] : never }
  : undefined;
type QueryOf<E> = E extends { readonly query: infer S } ? QueryIn<S> : undefined;
type Field<E, K extends string> = E extends { readonly [P in K]: infer S } ? In<S> : undefined;

/** What a caller passes: `params`, `query` and `body` in their wire shapes, each only where the operation has it. */
export type EndpointInput<N extends EndpointName> = {
  params: Field<Endpoints[N], "params">;
  query: QueryOf<Endpoints[N]>;
  body: Field<Endpoints[N], "body">;
};

/** What an operation answers with: the parsed response body, or undefined for 204. */
export type EndpointOutput<N extends EndpointName> = Endpoints[N] extends { readonly response: infer S }
  ? S extends z.ZodType
    ? z.output<S>
    : undefined
  : undefined;
