import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";

/** What a session token says. `expiresAt` is in milliseconds since 1970, whole seconds. */
export interface TokenClaims {
  accountId: string;
  sessionId: string;
  expiresAt: number;
}

/** Session tokens: JWT, signed with HS256 by this server for itself. */
export interface Tokens {
  sign(claims: TokenClaims): Promise<string>;
  /** Throws `auth.token_expired` for a good one that is over, `auth.token_invalid` for everything else. */
  verify(token: string): Promise<TokenClaims>;
}

const ISSUER = "foyer";
const AUDIENCE = "foyer:session";
/** The one algorithm: what a token itself says about it is compared with this, never followed. */
const ALGORITHM = "HS256";

/** Tokens under `secret`, of at least 32 bytes. */
export function createTokens({ secret, clock }: { secret: string; clock: Clock }): Tokens {
  const key = new TextEncoder().encode(secret);
  return {
    sign: ({ accountId, sessionId, expiresAt }) =>
      new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(accountId)
        .setJti(sessionId)
        .setIssuedAt(Math.floor(clock.now() / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key),

    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ["sub", "jti", "exp"],
          currentDate: new Date(clock.now()),
        });
        const { sub = "", jti = "", exp = 0 } = payload;
        return { accountId: sub, sessionId: jti, expiresAt: exp * 1000 };
      } catch (error) {
        // The signature is checked first: only a token of this server can be told that it is over.
        if (error instanceof errors.JWTExpired)
          throw new AppError("auth.token_expired", "The session is over. Sign in again.");
        throw new AppError("auth.token_invalid", "This token is not valid here.");
      }
    },
  };
}
