import type { Hono } from "hono";
import { type AuthorizeDeps, mountAuthorize } from "../harness/authorize.page.ts";
import { createCodes } from "../harness/codes.ts";
import type { IssuedTokens, TwitchGrants } from "./twitch.grants.ts";
import { type GrantType, tokenAnswer, twitchError } from "./twitch.oauth.ts";
import type { TwitchPerson } from "./twitch.people.ts";

export interface TwitchAuthorizeDeps extends Pick<AuthorizeDeps, "visitor" | "clients" | "faults" | "calls"> {
  people: readonly TwitchPerson[];
  grants: TwitchGrants;
  grantTypes: Map<string, GrantType>;
  now: () => number;
}

/**
 * Mounts the page where people allow an application (`/oauth2/authorize`), what exchanges its codes, and
 * `POST /auth/authorize` of Twitch's command line, which gives a person's tokens at once. Twitch takes PKCE for
 * nothing it knows; here a challenge that was sent is checked. A code that comes twice ends what it gave the first
 * time.
 */
export function mountTwitchAuthorize(app: Hono, deps: TwitchAuthorizeDeps): void {
  const { people, grants, clients } = deps;
  const codes = createCodes({ requirePkce: false, now: deps.now });
  const given = new Map<string, IssuedTokens>();
  mountAuthorize(app, { ...deps, name: "Twitch", paths: ["/oauth2/authorize"], codes, requirePkce: false });

  deps.grantTypes.set("authorization_code", (form, client) => {
    const code = form.get("code") ?? "";
    const redeemed = codes.redeem(code, {
      clientId: client.clientId,
      redirectUri: form.get("redirect_uri") ?? "",
      verifier: form.get("code_verifier") ?? undefined,
    });
    if ("problem" in redeemed) {
      const before = given.get(code);
      if (before !== undefined) grants.revokeToken(client.clientId, before.refreshToken);
      return twitchError(400, "Invalid authorization code");
    }
    const person = people.find(({ id }) => id === redeemed.request.personId);
    if (person === undefined) return twitchError(400, "Invalid authorization code");
    const issued = grants.issue(client.clientId, person, redeemed.request.scopes);
    given.set(code, issued);
    return issued;
  });

  app.post("/auth/authorize", (context) => {
    const query = new URL(context.req.url).searchParams;
    const client = clients.get(query.get("client_id") ?? "");
    const person = people.find(({ id }) => id === query.get("user_id"));
    if (client === undefined || client.clientSecret !== query.get("client_secret")) {
      return twitchError(403, "invalid client secret");
    }
    if (person === undefined || query.get("grant_type") !== "user_token") return twitchError(400, "invalid request");
    const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    return tokenAnswer(grants.issue(client.clientId, person, scopes));
  });
}
