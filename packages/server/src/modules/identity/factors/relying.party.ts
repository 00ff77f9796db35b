import { AppError } from "../../../platform/errors/app.error.ts";

/** What passkeys are bound to: the host that people open, and the origins of its pages. */
export interface RelyingParty {
  id: string;
  origins: string[];
}

/**
 * The relying party of a public address. Passkeys belong to names: an address of numbers has none, and a page without
 * TLS may use them only on this machine. `origins`: all origins that pages of this server have, with the real port.
 */
export function relyingPartyOf(publicUrl: string, origins: readonly string[]): RelyingParty | undefined {
  const { hostname, protocol, origin } = new URL(publicUrl);
  const isNumber = /^[\d.]+$|^\[/.test(hostname);
  const isHere = hostname === "localhost" || hostname.endsWith(".localhost");
  if (isNumber || (protocol !== "https:" && !isHere)) return undefined;
  const same = origins.filter((each) => new URL(each).hostname === hostname && new URL(each).protocol === protocol);
  return { id: hostname, origins: [...new Set([origin, ...same])] };
}

/** Says that this server cannot have passkeys. */
export function noPasskeys(): AppError {
  return new AppError(
    "passkey.not_possible",
    "Passkeys need a name and https: this server's PUBLIC_URL has not both. On this machine http://localhost will do.",
  );
}
