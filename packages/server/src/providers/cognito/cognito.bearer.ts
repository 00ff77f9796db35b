import { JwtVerifier } from "aws-jwt-verify";
import { FetchError, JwtExpiredError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { decodeJwt } from "jose";
import type { OutsideBearer } from "../../modules/identity/index.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { createOutsideFetch, unavailable } from "../oauth/outside.fetch.ts";
import { claimsWire } from "../oidc/oidc.wire.ts";
import { cognitoPerson } from "./cognito.person.ts";
import { type CognitoSettings, issuerOf, NAME } from "./cognito.provider.ts";
import { cognitoClaims } from "./cognito.wire.ts";

const LONGEST = 8192;

/**
 * Tokens of a user pool as bearer tokens here: access tokens by `client_id`, ID tokens by `aud`. Keys are fetched when
 * a token names one that is not known yet, so that the pool can change them; a token that names a key which does not
 * exist makes the next fetch wait.
 */
export function createCognitoBearer(settings: CognitoSettings): OutsideBearer {
  const issuer = issuerOf(settings);
  const outside = createOutsideFetch(NAME);
  const jwksCache = new SimpleJwksCache({
    fetcher: {
      async fetch(uri) {
        const response = await outside(uri);
        if (!response.ok) throw unavailable(NAME);
        return response.arrayBuffer();
      },
    },
  });
  const verifier = JwtVerifier.create(
    {
      issuer,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      // Access tokens have none: which of the two it must be is checked below.
      audience: null,
      customJwtCheck({ payload }) {
        const use: unknown = payload["token_use"];
        const meant: unknown = use === "access" ? payload["client_id"] : use === "id" ? payload.aud : undefined;
        if (meant !== settings.clientId) throw invalid();
      },
    },
    { jwksCache },
  );

  return {
    provider: "cognito",
    recognises(token) {
      if (token.length > LONGEST) return false;
      try {
        return decodeJwt(token).iss === issuer;
      } catch {
        return false;
      }
    },
    async verify(token) {
      try {
        const claims = cognitoClaims.and(claimsWire).parse(await verifier.verify(token));
        return { person: cognitoPerson(claims), expiresAt: claims.exp * 1000 };
      } catch (error) {
        if (error instanceof JwtExpiredError) {
          throw new AppError("auth.token_expired", "This token is over. Sign in again.");
        }
        if (error instanceof AppError) throw error;
        if (error instanceof FetchError) throw unavailable(NAME);
        throw invalid();
      }
    },
  };
}

const invalid = () => new AppError("auth.token_invalid", "This token is not valid here.");
