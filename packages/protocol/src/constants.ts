import type { Limits } from "./limits.ts";

export { discordSizes, templateVariables } from "./alerts/template.constants.ts";

/** Roles of the whole server, from most to least. */
export const roles = ["owner", "admin", "moderator", "member", "guest"] as const;
export type Role = (typeof roles)[number];

/** True when `held` is at least `needed`. */
export function hasRole(held: Role, needed: Role): boolean {
  return roles.indexOf(held) <= roles.indexOf(needed);
}

/** Providers outside of this server that people can sign in with. */
export const signInProviders = ["twitch", "discord", "cognito", "oidc"] as const;

/** What a person lets Foyer do at Twitch, from least to most. Each level holds those before it. */
export const permissionLevels = ["viewer", "chatbot", "moderator", "admin"] as const;

export const defaultLimits: Limits = {
  frameBytes: 32_768,
  messageCharacters: 4_000,
  subscriptionsPerConnection: 128,
  messagesPer5Seconds: 10,
  connectionsPerAccount: 20,
  historyPage: 100,
};

/** Close codes of the socket. 40xx: reconnect; 41xx: final, connecting again will not help. */
export const closeCodes = {
  slowConsumer: 4001,
  serverRestarting: 4002,
  sessionExpired: 4003,
  /** The session was exchanged for another: connect again with the new token. */
  sessionRenewed: 4004,
  notSignedIn: 4101,
  banned: 4102,
  notThisProtocol: 4103,
  tooManyConnections: 4104,
} as const;

/** True when a client may connect again after this close code: everything but the final 41xx range. */
export function mayReconnect(closeCode: number): boolean {
  return closeCode < 4100 || closeCode > 4199;
}

/** Signs around what matched in the snippet of a search result. Snippets are plain text and hold them nowhere else. */
export const snippetMarks = { start: "\ue000", end: "\ue001" } as const;
