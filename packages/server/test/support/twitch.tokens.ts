import { GrantRefused, type TokenProvider } from "../../src/modules/identity/credentials/token.provider.port.ts";

/** The token endpoints of a simulated Twitch, over real HTTP. */
export function twitchTokens(twitch: { url: string; app: { clientId: string; clientSecret: string } }): TokenProvider {
  const { url, app } = twitch;
  return {
    async refresh(refreshToken, { signal }) {
      const body = new URLSearchParams({
        client_id: app.clientId,
        client_secret: app.clientSecret,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      });
      const response = await fetch(`${url}/oauth2/token`, { method: "POST", body, signal });
      if (response.status === 400 || response.status === 401) throw new GrantRefused();
      if (!response.ok) throw new Error(`Twitch answered ${response.status}`);
      const answer = (await response.json()) as {
        access_token: string;
        refresh_token: string;
        expires_in: number;
        scope: string[];
      };
      return {
        accessToken: answer.access_token,
        refreshToken: answer.refresh_token,
        expiresIn: answer.expires_in,
        scopes: answer.scope,
      };
    },
    async validate(accessToken, { signal }) {
      const response = await fetch(`${url}/oauth2/validate`, {
        headers: { authorization: `OAuth ${accessToken}` },
        signal,
      });
      if (response.status === 401) return { active: false };
      if (!response.ok) throw new Error(`Twitch answered ${response.status}`);
      const { scopes, login } = (await response.json()) as { scopes: string[]; login: string };
      return { active: true, scopes, name: login };
    },
    async revoke(token, { signal }) {
      const body = new URLSearchParams({ client_id: app.clientId, token });
      const response = await fetch(`${url}/oauth2/revoke`, { method: "POST", body, signal });
      if (!response.ok) throw new Error(`Twitch answered ${response.status}`);
    },
  };
}
