import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** Why a sender is not believed; the status is what a push service answers. */
export interface VapidProblem {
  status: 401 | 403;
  reason: string;
}

/** Checks who sends, by RFC 8292. */
export interface Vapid {
  /** `key`: the sender's public key (base64url) that a subscription is for; undefined: any. */
  check(authorization: string | undefined, key: string | undefined): VapidProblem | undefined;
}

const DAY_SECONDS = 86_400;
/** Clocks differ. */
const LEEWAY_SECONDS = 60;

/** A check for the service at `origin()`. A token that was seen is not reckoned again. `now` in milliseconds. */
export function createVapid(origin: () => string, now: () => number): Vapid {
  const seen = new Map<string, { key: string; expiresAt: number }>();

  function read(token: string, key: string): { expiresAt: number } | VapidProblem {
    const wrong = (reason: string): VapidProblem => ({ status: 403, reason });
    const [header = "", claims = "", signature = ""] = token.split(".");
    const parsed = parse(header);
    if (parsed?.["alg"] !== "ES256") return wrong("the token must be signed with ES256");
    const publicKey = keyOf(key);
    if (publicKey === undefined) return wrong("the key is not a point of P-256");
    const signed = Buffer.from(`${header}.${claims}`);
    const given = Buffer.from(signature, "base64url");
    if (!verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, given))
      return wrong("the signature does not match");
    const { aud, exp, sub } = parse(claims) ?? {};
    if (aud !== origin()) return wrong(`aud must be ${origin()}`);
    if (typeof exp !== "number") return wrong("exp is missing");
    if (exp > now() / 1000 + DAY_SECONDS + LEEWAY_SECONDS) return wrong("exp is more than 24 hours away");
    if (typeof sub !== "string" || !/^(?:mailto:|https:)/.test(sub))
      return wrong("sub must be a mailto: or https: address");
    return { expiresAt: exp };
  }

  return {
    check(authorization, expected) {
      const [, token, key] = /^vapid\s+t=([\w.-]+)\s*,\s*k=([\w-]+)$/i.exec(authorization ?? "") ?? [];
      if (token === undefined || key === undefined)
        return { status: 401, reason: "Authorization must be vapid t=…, k=…" };
      if (expected !== undefined && key !== expected)
        return { status: 403, reason: "the subscription is for another key" };
      let held = seen.get(token);
      if (held === undefined || held.key !== key) {
        const result = read(token, key);
        if ("status" in result) return result;
        held = { key, ...result };
        seen.set(token, held);
      }
      return held.expiresAt < now() / 1000 - LEEWAY_SECONDS
        ? { status: 403, reason: "the token has expired" }
        : undefined;
    },
  };
}

function parse(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function keyOf(text: string): KeyObject | undefined {
  const raw = Buffer.from(text, "base64url");
  if (raw.length !== 65 || raw[0] !== 4) return undefined;
  const [x, y] = [raw.subarray(1, 33), raw.subarray(33)].map((each) => each.toString("base64url"));
  try {
    return createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  } catch {
    return undefined;
  }
}
