import type { SignInProvider } from "../../modules/identity/index.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { createCodeFlow } from "../oauth/code.flow.ts";
import { createOutsideFetch } from "../oauth/outside.fetch.ts";
import { claimsWire } from "../oidc/oidc.wire.ts";
import { cognitoPerson } from "./cognito.person.ts";
import { cognitoClaims } from "./cognito.wire.ts";

/** A user pool, and Foyer's app client there. */
export interface CognitoSettings {
  userPoolId: string;
  clientId: string;
  clientSecret?: string | undefined;
  /** Default: Amazon's, by the region in the pool's id. */
  issuer?: string | undefined;
  /** Domain of managed login, with or without `https://`. Without it nobody can sign in by a browser. */
  domain?: string | undefined;
}

export const NAME = "Amazon Cognito";
const SCOPES = ["openid", "profile", "email"];

/** The issuer that stands in the pool's tokens. */
export function issuerOf({ userPoolId, issuer }: Pick<CognitoSettings, "userPoolId" | "issuer">): string {
  const region = userPoolId.split("_")[0];
  return (issuer ?? `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`).replace(/\/+$/, "");
}

/** Signing in by the managed login of a Cognito user pool. Undefined without its domain. */
export function createCognitoProvider(settings: CognitoSettings): SignInProvider | undefined {
  const { clientId, clientSecret, domain } = settings;
  if (domain === undefined) return undefined;
  const host = (/^https?:\/\//.test(domain) ? domain : `https://${domain}`).replace(/\/+$/, "");
  const issuer = issuerOf(settings);
  const flow = createCodeFlow({
    name: NAME,
    clientId,
    clientSecret,
    fetch: createOutsideFetch(NAME),
    // Written down instead of discovered: what Cognito says of itself leaves the managed login to its domain.
    server: async () => ({
      issuer,
      authorization_endpoint: `${host}/oauth2/authorize`,
      token_endpoint: `${host}/oauth2/token`,
      revocation_endpoint: `${host}/oauth2/revoke`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ["RS256"],
    }),
  });

  return {
    provider: "cognito",
    name: NAME,
    authorizeUrl: (secrets, { redirectUri, askAgain }) =>
      flow.authorizeUrl(secrets, redirectUri, SCOPES, askAgain ? { prompt: "login" } : {}),

    async complete(secrets, callback) {
      // cognito-local leaves the nonce out; what PKCE binds is the same. One that is there must be right, and Amazon's
      // is always there.
      const anyNonce = settings.issuer !== undefined && !settings.issuer.startsWith("https://cognito-idp.");
      const { tokens, claims } = await flow.exchange(secrets, callback, { idToken: "required", anyNonce });
      const known = cognitoClaims.and(claimsWire).safeParse(claims);
      const isOurs =
        known.success && known.data.token_use === "id" && (known.data.nonce ?? secrets.nonce) === secrets.nonce;
      if (!isOurs) throw new AppError("sign_in.refused", `What came back from ${NAME} is not in order.`);
      return { person: cognitoPerson(known.data), tokens };
    },
  };
}
