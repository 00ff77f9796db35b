import { randomBytes } from "node:crypto";
import type { Context, Hono } from "hono";
import { mountAuthorize, type Visitor } from "../harness/authorize.page.ts";
import type { Calls } from "../harness/calls.ts";
import type { CodeRequest, Codes } from "../harness/codes.ts";
import type { Faults } from "../harness/faults.ts";
import type { DiscordPerson } from "./discord.people.ts";

/** What a person allowed the application. */
export interface DiscordGrant {
  personId: string;
  scopes: string[];
  access: string;
  refresh: string;
  expiresAt: number;
  revoked: boolean;
}

/** The grants of people. */
export interface DiscordGrants {
  /** By an access token that is good now. */
  find(accessToken: string): DiscordGrant | undefined;
  issue(personId: string, scopes: readonly string[]): DiscordGrant;
  /** Ends everything that a person allowed. */
  revokeUser(userId: string): void;
  /** Access tokens that are good now. */
  count(): number;
}

export interface DiscordOauthDeps {
  client: { clientId: string; clientSecret: string };
  redirectUris?: readonly string[] | undefined;
  people: readonly DiscordPerson[];
  visitor: Visitor;
  prefixes: readonly string[];
  codes: Codes;
  /** Somebody allowed the application something. */
  allowed(personId: string, scopes: readonly string[]): void;
  /** A server as it comes with the tokens of who put the bot into it. */
  guildWire(guildId: string): object;
  faults: Faults;
  calls: Calls;
  now: () => number;
  /** Every token begins so. */
  tokenPrefix: string;
}

const LIFE_SECONDS = 604_800;

/**
 * Mounts Discord's OAuth. Refresh tokens are exchanged at every use. Fault kinds: of `authorize` those of the page; of
 * `token` and `revoke`: `error` (500), `revoked`, `limited` (429), `slow`, `disconnect`.
 */
export function mountDiscordOauth(app: Hono, deps: DiscordOauthDeps): DiscordGrants {
  const { client, codes, faults, calls, now, tokenPrefix } = deps;
  const grants: DiscordGrant[] = [];
  const guarded = guard(faults, calls);
  mountAuthorize(app, {
    name: "Discord",
    paths: authorizePaths(deps.prefixes),
    people: deps.people,
    visitor: deps.visitor,
    clients: new Map([[client.clientId, { ...client, redirectUris: deps.redirectUris }]]),
    codes,
    faults,
    calls,
    requirePkce: false,
  });

  const isGood = (grant: DiscordGrant) => !grant.revoked && grant.expiresAt > now();

  function renew(grant: DiscordGrant): DiscordGrant {
    grant.access = tokenPrefix + randomBytes(22).toString("base64url");
    grant.refresh = tokenPrefix + randomBytes(22).toString("base64url");
    grant.expiresAt = now() + LIFE_SECONDS * 1000;
    return grant;
  }

  function issue({ personId, scopes }: Pick<CodeRequest, "personId" | "scopes">): DiscordGrant {
    const grant: DiscordGrant = { personId, scopes, access: "", refresh: "", expiresAt: 0, revoked: false };
    grants.push(grant);
    return renew(grant);
  }

  const tokens = ({ access, refresh, scopes }: DiscordGrant, guildId?: string) =>
    Response.json({
      ...(guildId === undefined ? {} : { guild: deps.guildWire(guildId) }),
      access_token: access,
      token_type: "Bearer",
      expires_in: LIFE_SECONDS,
      refresh_token: refresh,
      scope: scopes.join(" "),
    });

  function exchange(form: URLSearchParams): Response {
    const refused = Response.json(
      { error: "invalid_grant", error_description: 'Invalid "code" in request.' },
      { status: 400 },
    );
    if (form.get("grant_type") === "refresh_token") {
      const held = grants.find(({ refresh }) => refresh === form.get("refresh_token"));
      return held === undefined || held.revoked ? refused : tokens(renew(held));
    }
    const redeemed = codes.redeem(form.get("code") ?? "", {
      clientId: client.clientId,
      redirectUri: form.get("redirect_uri") ?? "",
      verifier: form.get("code_verifier") ?? undefined,
    });
    if ("problem" in redeemed) return refused;
    const { personId, scopes, guildId } = redeemed.request;
    if (!scopes.includes("bot")) deps.allowed(personId, scopes);
    return tokens(issue(redeemed.request), guildId);
  }

  for (const prefix of deps.prefixes) {
    app.post(`${prefix}/oauth2/token`, (context) =>
      guarded("token", async () => {
        const form = await clientForm(context, client);
        return form === undefined ? Response.json({ error: "invalid_client" }, { status: 401 }) : exchange(form);
      }),
    );
    app.post(`${prefix}/oauth2/token/revoke`, (context) =>
      guarded("revoke", async () => {
        const form = await clientForm(context, client);
        if (form === undefined) return Response.json({ error: "invalid_client" }, { status: 401 });
        const token = form.get("token");
        for (const grant of grants) if (grant.access === token || grant.refresh === token) grant.revoked = true;
        return Response.json({});
      }),
    );
  }

  return {
    find: (token) => grants.find((grant) => grant.access === token && isGood(grant)),
    issue: (personId, scopes) => issue({ personId, scopes: [...scopes] }),
    revokeUser(userId) {
      for (const grant of grants) if (grant.personId === userId) grant.revoked = true;
    },
    count: () => grants.filter(isGood).length,
  };
}

/** Where people allow something. */
export const authorizePaths = (prefixes: readonly string[]): string[] => [
  "/oauth2/authorize",
  ...prefixes.map((prefix) => `${prefix}/oauth2/authorize`),
];

/** Counts, and lets faults go first. */
function guard(faults: Faults, calls: Calls) {
  return async (operation: string, work: () => Promise<Response>): Promise<Response> => {
    calls.count(operation);
    const fault = await faults.meet(operation, "before");
    if (fault === "error") return Response.json({ message: "500: Internal Server Error", code: 0 }, { status: 500 });
    if (fault === "revoked")
      return Response.json({ error: "invalid_grant" }, { status: operation === "token" ? 400 : 401 });
    if (fault === "limited") {
      const body = { message: "You are being rate limited.", retry_after: 1.5, global: false };
      return Response.json(body, { status: 429, headers: { "retry-after": "2" } });
    }
    const answer = await work();
    await faults.meet(operation, "after");
    return answer;
  };
}

/** The form, when it comes from the application: its secret in the body or in the header. */
async function clientForm(
  context: Context,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<URLSearchParams | undefined> {
  const form = new URLSearchParams(await context.req.text());
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  if (context.req.header("authorization") === basic) return form;
  return form.get("client_id") === clientId && form.get("client_secret") === clientSecret ? form : undefined;
}
