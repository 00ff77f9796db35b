import type { Context, Hono } from "hono";
import type { Calls } from "../harness/calls.ts";
import type { Faults } from "../harness/faults.ts";
import type { AppTokens } from "./app.tokens.ts";
import type { IssuedTokens, TwitchApp, TwitchGrants } from "./twitch.grants.ts";

/** Another way to tokens: the authorize page and the device flow add theirs. Undefined: none of theirs. */
export type GrantType = (form: URLSearchParams, app: TwitchApp) => IssuedTokens | Response | undefined;

export interface OauthDeps {
  apps: Map<string, TwitchApp>;
  grants: TwitchGrants;
  appTokens: AppTokens;
  faults: Faults;
  calls: Calls;
  /** By the value of `grant_type`. */
  grantTypes: Map<string, GrantType>;
}

/** An error in the form of Twitch's sign-in host. */
export function twitchError(status: 400 | 401 | 403 | 500, message: string): Response {
  const names = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error" };
  return Response.json({ error: names[status], status, message }, { status });
}

/** Tokens in the form of Twitch's sign-in host. */
export function tokenAnswer({ accessToken, refreshToken, expiresIn, scopes }: IssuedTokens): Response {
  return Response.json({
    access_token: accessToken,
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope: scopes,
    token_type: "bearer",
  });
}

/**
 * Mounts token, validate and revoke under the paths of the real Twitch (`/oauth2/…`) and of the mock API of Twitch's
 * command line (`/auth/token`). Fault kinds: `error` (500), `revoked` (refresh refused, token invalid), `slow`,
 * `disconnect`; operations `token`, `validate`, `revoke`.
 */
export function mountOauth(app: Hono, { apps, grants, appTokens, faults, calls, grantTypes }: OauthDeps): void {
  grantTypes.set("client_credentials", appTokens.grant);
  grantTypes.set("refresh_token", (form, client) => {
    const issued = grants.refresh(client.clientId, form.get("refresh_token") ?? "");
    return issued ?? twitchError(400, "Invalid refresh token");
  });

  async function guarded(operation: string, work: () => Response): Promise<Response> {
    calls.count(operation);
    const before = await faults.meet(operation, "before");
    if (before === "error") return twitchError(500, "internal error");
    if (before === "revoked")
      return operation === "token"
        ? twitchError(400, "Invalid refresh token")
        : twitchError(401, "invalid access token");
    const answer = work();
    const after = await faults.meet(operation, "after");
    return after === "error" ? twitchError(500, "internal error") : answer;
  }

  async function token(context: Context): Promise<Response> {
    const form = await formOf(context);
    return guarded("token", () => {
      const client = apps.get(form.get("client_id") ?? "");
      if (client === undefined) return twitchError(400, "invalid client");
      if (client.clientSecret !== form.get("client_secret")) return twitchError(403, "invalid client secret");
      const answer = grantTypes.get(form.get("grant_type") ?? "")?.(form, client);
      if (answer === undefined) return twitchError(400, "invalid grant type");
      return answer instanceof Response ? answer : tokenAnswer(answer);
    });
  }

  for (const path of ["/oauth2/token", "/auth/token"]) app.post(path, token);

  for (const path of ["/oauth2/validate", "/auth/validate"]) {
    app.get(path, (context) =>
      guarded("validate", () => {
        const value = /^(?:OAuth|Bearer) (\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
        const found = grants.validate(value ?? "");
        const own = appTokens.validate(value ?? "");
        if (own !== undefined) return Response.json({ client_id: own.clientId, scopes: [], expires_in: own.expiresIn });
        if (found === undefined)
          return Response.json({ status: 401, message: "invalid access token" }, { status: 401 });
        const { grant, expiresIn } = found;
        return Response.json({
          client_id: grant.clientId,
          login: grant.user.login,
          scopes: grant.scopes,
          user_id: grant.user.id,
          expires_in: expiresIn,
        });
      }),
    );
  }

  for (const path of ["/oauth2/revoke", "/auth/revoke"]) {
    app.post(path, async (context) => {
      const form = await formOf(context);
      return guarded("revoke", () => {
        if (!apps.has(form.get("client_id") ?? "")) return twitchError(400, "client does not exist");
        const [clientId, token] = [form.get("client_id") ?? "", form.get("token") ?? ""];
        const done = grants.revokeToken(clientId, token) || appTokens.revoke(clientId, token);
        return done ? new Response(null, { status: 200 }) : twitchError(400, "Invalid token");
      });
    });
  }
}

/** Parameters of the body, and behind them those of the address, which Twitch's command line takes too. */
async function formOf(context: Context): Promise<URLSearchParams> {
  const form = new URLSearchParams(await context.req.text());
  for (const [name, value] of new URL(context.req.url).searchParams) if (!form.has(name)) form.set(name, value);
  return form;
}
