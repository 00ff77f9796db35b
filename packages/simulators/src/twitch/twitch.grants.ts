import { randomBytes } from "node:crypto";

/** A person at the simulated Twitch. */
export interface TwitchUser {
  id: string;
  login: string;
  displayName: string;
}

/** An application that is registered there. */
export interface TwitchApp {
  clientId: string;
  clientSecret: string;
}

/** What a person allowed an application. Revoking it ends all its tokens. */
export interface TwitchGrant {
  clientId: string;
  user: TwitchUser;
  scopes: string[];
  revoked: boolean;
}

/** Tokens as they are issued; the life in seconds. */
export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
  scopes: string[];
}

/** How tokens behave. */
export interface TokenRules {
  /** Seconds that an access token lives. Twitch gives about four hours. */
  accessSeconds: number;
  /** A refresh gives a new refresh token and ends the one that was spent, as Twitch does for public clients. */
  rotate: boolean;
  /** A refresh token that is spent again ends the whole grant, as OAuth 2.1 wants; else it is only refused. */
  reuseEndsGrant: boolean;
  /** Every token begins so: for tests that look where tokens get to. */
  tokenPrefix: string;
}

interface AccessRecord {
  grant: TwitchGrant;
  expiresAt: number;
}

interface RefreshRecord {
  grant: TwitchGrant;
  token: string;
  /** How often it was handed in, whether or not it was still good. */
  spent: number;
  dead: boolean;
}

/** The grants and tokens of the simulated Twitch. */
export interface TwitchGrants {
  rules: TokenRules;
  issue(clientId: string, user: TwitchUser, scopes: readonly string[]): IssuedTokens;
  /** Undefined: refused. */
  refresh(clientId: string, refreshToken: string): IssuedTokens | undefined;
  /** The grant of an access token that is good now, and the seconds that it has left. */
  validate(accessToken: string): { grant: TwitchGrant; expiresIn: number } | undefined;
  /** Ends one token, and with a refresh token the grant. False: unknown, or another application's. */
  revokeToken(clientId: string, token: string): boolean;
  /** What a person does in Twitch's settings: ends every grant that they gave. */
  revokeUser(userId: string): void;
  /** What a person has allowed an application, by all grants that are not revoked. Undefined: there is none. */
  allowed(clientId: string, userId: string): readonly string[] | undefined;
  /** Ends access tokens before their time. */
  expireAccessTokens(userId?: string): void;
  /** How often each refresh token of a person (or of all) was handed in, for every one that was ever issued. */
  spending(userId?: string): number[];
}

/** No grants. `now` in milliseconds. */
export function createTwitchGrants(rules: TokenRules, now: () => number): TwitchGrants {
  const access = new Map<string, AccessRecord>();
  const refresh = new Map<string, RefreshRecord>();
  const token = (bytes: number) =>
    rules.tokenPrefix + randomBytes(bytes).toString("base64url").toLowerCase().replace(/[-_]/g, "0");

  function newAccess(grant: TwitchGrant): string {
    const accessToken = token(23);
    access.set(accessToken, { grant, expiresAt: now() + rules.accessSeconds * 1000 });
    return accessToken;
  }

  function newRefresh(grant: TwitchGrant): string {
    const record: RefreshRecord = { grant, token: token(38), spent: 0, dead: false };
    refresh.set(record.token, record);
    return record.token;
  }

  return {
    rules,
    issue(clientId, user, scopes) {
      const grant: TwitchGrant = { clientId, user, scopes: [...scopes], revoked: false };
      return {
        accessToken: newAccess(grant),
        refreshToken: newRefresh(grant),
        expiresIn: rules.accessSeconds,
        scopes: grant.scopes,
      };
    },
    refresh(clientId, refreshToken) {
      const record = refresh.get(refreshToken);
      if (record === undefined || record.grant.clientId !== clientId) return undefined;
      record.spent += 1;
      if (record.dead && rules.reuseEndsGrant) record.grant.revoked = true;
      if (record.dead || record.grant.revoked) return undefined;
      if (rules.rotate) record.dead = true;
      const { grant } = record;
      const next = rules.rotate ? newRefresh(grant) : refreshToken;
      return {
        accessToken: newAccess(grant),
        refreshToken: next,
        expiresIn: rules.accessSeconds,
        scopes: grant.scopes,
      };
    },
    validate(accessToken) {
      const record = access.get(accessToken);
      if (record === undefined || record.grant.revoked || record.expiresAt <= now()) return undefined;
      return { grant: record.grant, expiresIn: Math.round((record.expiresAt - now()) / 1000) };
    },
    revokeToken(clientId, value) {
      const grant = (access.get(value) ?? refresh.get(value))?.grant;
      if (grant === undefined || grant.clientId !== clientId || grant.revoked) return false;
      if (refresh.has(value)) grant.revoked = true;
      access.delete(value);
      return true;
    },
    revokeUser(userId) {
      for (const { grant } of [...access.values(), ...refresh.values()])
        if (grant.user.id === userId) grant.revoked = true;
    },
    allowed(clientId, userId) {
      const grants = [...access.values(), ...refresh.values()]
        .map(({ grant }) => grant)
        .filter((grant) => grant.clientId === clientId && grant.user.id === userId && !grant.revoked);
      return grants.length === 0 ? undefined : [...new Set(grants.flatMap(({ scopes }) => scopes))];
    },
    expireAccessTokens(userId) {
      for (const record of access.values())
        if (userId === undefined || record.grant.user.id === userId) record.expiresAt = 0;
    },
    spending: (userId) =>
      [...refresh.values()]
        .filter(({ grant }) => userId === undefined || grant.user.id === userId)
        .map(({ spent }) => spent),
  };
}
