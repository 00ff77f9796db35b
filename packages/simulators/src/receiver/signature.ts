import { createHmac, timingSafeEqual } from "node:crypto";

/** Why a webhook's signature does not count. */
export type SignatureProblem = "no_secret" | "headers" | "timestamp" | "signature";

const TOLERANCE_SECONDS = 300;

/**
 * Checks a webhook by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, in base64 behind `v1,`, with a key that is
 * written as `whsec_` and base64. Undefined: it is good. `now` in milliseconds.
 */
export function signatureProblem(
  secret: string | undefined,
  headers: Headers,
  body: string,
  now: number,
): SignatureProblem | undefined {
  if (secret === undefined) return "no_secret";
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((n) =>
    headers.get(n),
  );
  if (!id || !timestamp || !signatures || !/^\d+$/.test(timestamp)) return "headers";
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return "timestamp";
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const isGood = signatures.split(" ").some((each) => {
    const [version, value = ""] = each.split(",");
    const given = Buffer.from(value, "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isGood ? undefined : "signature";
}
