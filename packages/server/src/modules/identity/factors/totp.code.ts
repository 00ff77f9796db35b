import { Secret, TOTP } from "otpauth";

/** Codes of authenticator apps: RFC 6238 with SHA-1, six digits and 30 seconds, which is what every app knows. */
const shape = { algorithm: "SHA1", digits: 6, period: 30 };
const stepMs = 30_000;

/** The address that goes into a QR code. `secret` in base32; `issuer` and `label` are what the app shows. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return new TOTP({ ...shape, issuer, label, secret: Secret.fromBase32(secret) }).toString();
}

/** `bytes` as the base32 text of a secret. */
export function totpSecret(bytes: Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32;
}

/**
 * The time step that `code` belongs to: the one of `now` (milliseconds since 1970), the one before or the one after.
 * Undefined when it is none of theirs. Compares in constant time.
 */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  const token = code.replaceAll(/\s/g, "");
  const delta = TOTP.validate({ ...shape, token, secret: Secret.fromBase32(secret), timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / stepMs) + delta;
}
