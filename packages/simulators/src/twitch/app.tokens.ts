import { randomBytes } from "node:crypto";
import type { GrantType } from "./twitch.oauth.ts";

/** Tokens that an application has for itself, without a person. */
export interface AppTokens {
  /** The grant type `client_credentials`. */
  grant: GrantType;
  validate(token: string): { clientId: string; expiresIn: number } | undefined;
  /** False: unknown, or another application's. */
  revoke(clientId: string, token: string): boolean;
  /** Ends all of them before their time. */
  expireAll(): void;
  /** Those that are good now. */
  count(): number;
}

const LIFE_SECONDS = 5_184_000;

/** No tokens. Each begins with `prefix`. `now` in milliseconds. */
export function createAppTokens(prefix: string, now: () => number): AppTokens {
  const tokens = new Map<string, { clientId: string; expiresAt: number }>();
  const good = (token: string) => {
    const held = tokens.get(token);
    return held !== undefined && held.expiresAt > now() ? held : undefined;
  };
  return {
    grant(_form, { clientId }) {
      const token = prefix + randomBytes(23).toString("base64url").toLowerCase().replace(/[-_]/g, "0").slice(0, 30);
      tokens.set(token, { clientId, expiresAt: now() + LIFE_SECONDS * 1000 });
      return Response.json({ access_token: token, expires_in: LIFE_SECONDS, token_type: "bearer" });
    },
    validate(token) {
      const held = good(token);
      return held && { clientId: held.clientId, expiresIn: Math.round((held.expiresAt - now()) / 1000) };
    },
    revoke(clientId, token) {
      if (good(token)?.clientId !== clientId) return false;
      return tokens.delete(token);
    },
    expireAll: () => tokens.clear(),
    count: () => [...tokens.keys()].filter((token) => good(token) !== undefined).length,
  };
}
