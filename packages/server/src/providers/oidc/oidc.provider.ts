import * as client from "openid-client";
import type { SignInProvider } from "../../modules/identity/index.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { createCodeFlow } from "../oauth/code.flow.ts";
import { createOutsideFetch, type OutsideFetch, unavailable } from "../oauth/outside.fetch.ts";
import { personOf } from "./oidc.person.ts";
import { claimsWire } from "./oidc.wire.ts";

/** Any OpenID Connect provider, and Foyer's client there. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

const NAME = "OpenID Connect";
const SCOPES = ["openid", "profile", "email"];

/** Signing in by any OpenID Connect provider; what it can do is discovered at the first use. */
export function createOidcProvider({ issuer, clientId, clientSecret }: OidcSettings): SignInProvider {
  const outside = createOutsideFetch(NAME);
  const flow = createCodeFlow({
    name: NAME,
    clientId,
    clientSecret,
    fetch: outside,
    server: () => discover(issuer, clientId, outside),
  });

  return {
    provider: "oidc",
    name: NAME,
    authorizeUrl: (secrets, { redirectUri, askAgain }) =>
      flow.authorizeUrl(secrets, redirectUri, SCOPES, askAgain ? { prompt: "login" } : {}),

    async complete(secrets, callback) {
      const { tokens, claims } = await flow.exchange(secrets, callback, { idToken: "required" });
      const parsed = claimsWire.safeParse(claims);
      if (!parsed.success) throw new AppError("sign_in.refused", `What came back from ${NAME} is not in order.`);
      return { person: personOf(parsed.data), tokens };
    },
  };
}

/** The provider's own description of itself, which must name the issuer that was configured. */
async function discover(issuer: string, clientId: string, fetch: OutsideFetch): Promise<client.ServerMetadata> {
  try {
    const found = await client.discovery(new URL(issuer), clientId, undefined, undefined, {
      execute: [client.allowInsecureRequests],
      [client.customFetch]: (url, { method, headers, signal }) => fetch(url, { method, headers, signal }),
    });
    return found.serverMetadata();
  } catch (cause) {
    throw unavailable(NAME, cause);
  }
}
