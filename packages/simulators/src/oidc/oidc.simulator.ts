import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { JWTPayload } from "jose";
import { mountAuthorize, type Visitor } from "../harness/authorize.page.ts";
import { type Calls, createCalls } from "../harness/calls.ts";
import { type CodeRequest, createCodes } from "../harness/codes.ts";
import { mountControls } from "../harness/controls.ts";
import { createFaults, type Fault } from "../harness/faults.ts";
import { type Listening, type ListenOptions, listen } from "../harness/listen.ts";
import { createOidcKeys, type OidcKeys } from "./oidc.keys.ts";
import { type OidcPerson, oidcPeople } from "./oidc.people.ts";

/** An OpenID provider that runs here. */
export interface OidcSimulator extends Listening {
  app: { clientId: string; clientSecret: string };
  people: readonly OidcPerson[];
  visitor: Visitor;
  keys: OidcKeys;
  calls: Calls;
  /** The claims of an ID token that is good now, to be changed and signed by tests. */
  claims(person: OidcPerson, more?: JWTPayload): JWTPayload;
  fault(fault: Fault): void;
  clearFaults(): void;
}

export interface OidcOptions extends ListenOptions {
  people?: readonly OidcPerson[];
  redirectUris?: readonly string[];
  now?: () => number;
  /** Every access token begins so: for tests that look where tokens get to. */
  tokenPrefix?: string;
}

const LIFE_SECONDS = 300;
const FORGERIES = ["alg_none", "alg_hs256", "unknown_key", "foreign_key"] as const;

/**
 * Starts an OpenID provider on the loopback address: discovery, keys, authorize (PKCE by S256 or nothing), token. Fault
 * kinds of the operation `token`: `error` (500), `revoked`, `slow`, `disconnect`, and what the ID token can be:
 * `wrong_nonce`, `no_nonce`, `wrong_iss`, `wrong_audience`, `expired`, `no_id_token`, `alg_none`, `alg_hs256`,
 * `unknown_key`, `foreign_key`. Of `discovery` and `keys`: `error`, `slow`, `disconnect`, `wrong_iss`.
 */
export async function startOidc(options: OidcOptions = {}): Promise<OidcSimulator> {
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  const client = { clientId: "simulator-client", clientSecret: "simulator-secret" };
  const now = options.now ?? (() => Date.now());
  const people = options.people ?? oidcPeople;
  const visitor: Visitor = { login: undefined };
  const faults = createFaults();
  const calls = createCalls();
  const keys = createOidcKeys();
  const codes = createCodes({ requirePkce: true, now });
  let issuer = "";
  mountControls(app, { faults, calls });
  app.post("/_simulator/keys", async (context) => {
    keys.rotate(await context.req.json<{ forget?: boolean }>().catch(() => ({})));
    return context.body(null, 204);
  });
  mountAuthorize(app, {
    name: "OpenID provider",
    paths: ["/authorize"],
    people,
    visitor,
    clients: new Map([[client.clientId, { ...client, redirectUris: options.redirectUris }]]),
    codes,
    faults,
    calls,
    issuer: () => issuer,
    requirePkce: true,
  });

  app.get("/.well-known/openid-configuration", async (context) => {
    calls.count("discovery");
    const fault = await faults.meet("discovery", "before");
    if (fault === "error") return context.json({ error: "server_error" }, 500);
    return context.json({
      issuer: fault === "wrong_iss" ? "https://somebody-else.example" : issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    });
  });
  // The second is where Cognito has them.
  for (const path of ["/keys", "/.well-known/jwks.json"]) {
    app.get(path, async (context) => {
      calls.count("keys");
      if ((await faults.meet("keys", "before")) === "error") return context.json({ error: "server_error" }, 500);
      return context.json(keys.jwks());
    });
  }

  function claims(person: OidcPerson, more: JWTPayload = {}): JWTPayload {
    const seconds = Math.floor(now() / 1000);
    const { id, login, displayName, email, emailVerified } = person;
    const mail = email === undefined ? {} : { email, email_verified: emailVerified ?? false };
    const about = { sub: id, name: displayName, preferred_username: login, ...mail };
    return { iss: issuer, aud: client.clientId, iat: seconds, exp: seconds + LIFE_SECONDS, ...about, ...more };
  }

  async function idToken(request: CodeRequest, person: OidcPerson, fault: string | undefined) {
    const nonce = fault === "no_nonce" ? undefined : fault === "wrong_nonce" ? "another" : request.nonce;
    const good = claims(person, nonce === undefined ? {} : { nonce });
    const forgery = FORGERIES.find((kind) => kind === fault);
    if (forgery !== undefined) return keys.forge(forgery, good);
    if (fault === "wrong_iss") return keys.sign({ ...good, iss: "https://somebody-else.example" });
    if (fault === "wrong_audience") return keys.sign({ ...good, aud: "somebody-else" });
    if (fault === "expired") return keys.sign({ ...good, iat: (good.iat ?? 0) - 9000, exp: (good.iat ?? 0) - 8000 });
    return fault === "no_id_token" ? undefined : keys.sign(good);
  }

  app.post("/token", async (context) => {
    calls.count("token");
    const form = new URLSearchParams(await context.req.text());
    const fault = await faults.meet("token", "before");
    if (fault === "error") return context.json({ error: "server_error" }, 500);
    if (form.get("client_id") !== client.clientId || form.get("client_secret") !== client.clientSecret) {
      return context.json({ error: "invalid_client" }, 401);
    }
    const redeemed = codes.redeem(form.get("code") ?? "", {
      clientId: client.clientId,
      redirectUri: form.get("redirect_uri") ?? "",
      verifier: form.get("code_verifier") ?? undefined,
    });
    const person = "request" in redeemed ? people.find(({ id }) => id === redeemed.request.personId) : undefined;
    if ("problem" in redeemed || person === undefined || fault === "revoked") {
      return context.json({ error: "invalid_grant" }, 400);
    }
    const token = await idToken(redeemed.request, person, fault);
    await faults.meet("token", "after");
    return context.json({
      access_token: (options.tokenPrefix ?? "") + randomBytes(22).toString("base64url"),
      token_type: "Bearer",
      expires_in: LIFE_SECONDS,
      scope: redeemed.request.scopes.join(" "),
      ...(token === undefined ? {} : { id_token: token }),
    });
  });

  const listening = await listen((request) => app.fetch(request), options);
  issuer = listening.url;
  return {
    ...listening,
    app: client,
    people,
    visitor,
    keys,
    calls,
    claims,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
}
