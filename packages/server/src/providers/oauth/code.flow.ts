import * as client from "openid-client";
import type { FlowSecrets, Tokens } from "../../modules/identity/index.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { type OutsideFetch, unavailable } from "./outside.fetch.ts";

/** An authorization server, and Foyer as its client. */
export interface CodeFlowSettings {
  /** What people call the provider, for errors. */
  name: string;
  /** Asked once, when first needed, and again after it failed. */
  server: () => Promise<client.ServerMetadata>;
  clientId: string;
  /** Without one Foyer is a public client. */
  clientSecret?: string | undefined;
  fetch: OutsideFetch;
}

/** Tokens as they came, and what an ID token says, where there is one: checked. */
export interface CodeFlowAnswer {
  tokens: Tokens;
  claims: client.IDToken | undefined;
}

/** Authorization code with PKCE (S256) and state; with a nonce where there is an ID token. */
export interface CodeFlow {
  authorizeUrl(
    secrets: FlowSecrets,
    redirectUri: string,
    scopes: readonly string[],
    more?: Record<string, string>,
  ): Promise<URL>;
  /**
   * `idToken`: `required` where the provider must send one; `none` where it sends none. Throws `sign_in.declined`,
   * `sign_in.refused`, `provider.unavailable`.
   */
  exchange(
    secrets: FlowSecrets,
    callback: URL,
    options: { idToken: "required" | "none"; anyNonce?: boolean },
  ): Promise<CodeFlowAnswer>;
  /** The client for what else has to be asked. */
  configuration(): Promise<client.Configuration>;
}

export function createCodeFlow(settings: CodeFlowSettings): CodeFlow {
  let known: Promise<client.ServerMetadata> | undefined;

  function server(): Promise<client.ServerMetadata> {
    known ??= settings.server().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  /** Made anew each time, and with it the memory of keys: a provider may change those at any moment. */
  async function configuration(): Promise<client.Configuration> {
    const metadata = { ...(await server()) };
    const { clientId, clientSecret } = settings;
    const auth = clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret);
    const made = new client.Configuration(metadata, clientId, clientSecret, auth);
    made[client.customFetch] = (url, options) =>
      settings.fetch(url, {
        method: options.method,
        headers: options.headers,
        body: options.body as BodyInit | null,
        signal: options.signal,
      });
    // Plain http is for stand-ins on this machine; the server's configuration refuses it elsewhere.
    client.allowInsecureRequests(made);
    // The standard lets signatures be, where a token comes straight from the provider; we look all the same.
    if (metadata.jwks_uri !== undefined) client.enableNonRepudiationChecks(made);
    return made;
  }

  return {
    configuration,

    async authorizeUrl({ state, nonce, verifier }, redirectUri, scopes, more = {}) {
      return client.buildAuthorizationUrl(await configuration(), {
        response_type: "code",
        redirect_uri: redirectUri,
        scope: scopes.join(" "),
        state,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(scopes.includes("openid") ? { nonce } : {}),
        ...more,
      });
    },

    async exchange({ state, nonce, verifier }, callback, { idToken, anyNonce }) {
      const isExpected = idToken === "required" && anyNonce !== true;
      try {
        const answer = await client.authorizationCodeGrant(await configuration(), callback, {
          expectedState: state,
          pkceCodeVerifier: verifier,
          idTokenExpected: idToken === "required",
          ...(isExpected ? { expectedNonce: nonce } : {}),
        });
        return { tokens: tokensOf(answer), claims: answer.claims() };
      } catch (error) {
        throw failure(settings.name, error);
      }
    },
  };
}

/** Tokens in Foyer's words. */
export function tokensOf(answer: client.TokenEndpointResponse): Tokens {
  return {
    accessToken: answer.access_token,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    ...(answer.expires_in === undefined ? {} : { expiresIn: answer.expires_in }),
    ...(answer.scope === undefined ? {} : { scopes: answer.scope.split(" ").filter((scope) => scope !== "") }),
  };
}

/** Whatever went wrong on the way, as one of three: the person said no, the answer is bad, the provider is away. */
function failure(name: string, error: unknown): AppError {
  const known = chain(error).find((each) => each instanceof AppError);
  if (known !== undefined) return known;
  if (error instanceof client.AuthorizationResponseError) {
    if (error.error === "access_denied") {
      return new AppError("sign_in.declined", `You did not allow it at ${name}.`);
    }
    if (error.error === "server_error" || error.error === "temporarily_unavailable") return unavailable(name);
  }
  return new AppError("sign_in.refused", `What came back from ${name} is not in order.`);
}

function chain(error: unknown): unknown[] {
  const all: unknown[] = [];
  for (let each = error; each instanceof Error && all.length < 5; each = each.cause) all.push(each);
  return all;
}
