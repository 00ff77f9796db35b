import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";

interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicJwk: Record<string, unknown>;
  publicPem: string;
}

/** The provider's keys. Tokens are signed by the newest. */
export interface OidcKeys {
  /** What `jwks_uri` shows. */
  jwks(): { keys: Record<string, unknown>[] };
  sign(claims: JWTPayload): Promise<string>;
  /** A new key; with `forget` the old ones are not shown any more. */
  rotate(options?: { forget?: boolean }): void;
  /** The same claims, forged: without a signature, signed with the public key as an HMAC secret, or by a stranger. */
  forge(kind: "alg_none" | "alg_hs256" | "unknown_key" | "foreign_key", claims: JWTPayload): Promise<string>;
}

/** One fresh RSA key. */
export function createOidcKeys(): OidcKeys {
  let keys: [SigningKey, ...SigningKey[]] = [newKey()];

  const signWith = (key: SigningKey, claims: JWTPayload, kid = key.kid) =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid, typ: "JWT" }).sign(key.privateKey);

  return {
    jwks: () => ({ keys: keys.map(({ publicJwk }) => publicJwk) }),
    sign: (claims) => signWith(keys[0], claims),
    rotate({ forget = false } = {}) {
      keys = forget ? [newKey()] : [newKey(), ...keys];
    },
    async forge(kind, claims) {
      const [key] = keys;
      if (kind === "unknown_key") return signWith(newKey(), claims);
      // A stranger's key under the name of a good one.
      if (kind === "foreign_key") return signWith(newKey(), claims, key.kid);
      if (kind === "alg_hs256") {
        const secret = new TextEncoder().encode(key.publicPem);
        return new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: key.kid, typ: "JWT" }).sign(secret);
      }
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      return `${part({ alg: "none", kid: key.kid, typ: "JWT" })}.${part(claims)}.`;
    },
  };
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKey = createPublicKey(privateKey);
  const kid = randomUUID();
  return {
    kid,
    privateKey,
    publicJwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" },
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
