import type { FoyerClient } from "@foyer/client";
import { SaidError } from "../../ui/error.text.ts";
import { proofTexts } from "./proof.texts.ts";

/** What `passkeySignIn`, `stepUp` and `completeSignIn` take as the passkey's answer. */
export type PasskeyAssertion = Parameters<FoyerClient["api"]["passkeySignIn"]>[0]["body"]["response"];
type PasskeyAttestation = Parameters<FoyerClient["api"]["addPasskey"]>[0]["body"]["response"];

/** The library is needed by few visits: it comes with the first passkey. */
const library = () => import("@simplewebauthn/browser");

/** True where this browser can use passkeys on this page at all: they belong to names, never to addresses of numbers. */
export function knowsPasskeys(hostname: string = location.hostname): boolean {
  return typeof globalThis.PublicKeyCredential === "function" && !/^[\d.]+$|^\[/.test(hostname);
}

/** True where the browser offers passkeys in the field of the name, among what it remembers. */
export async function offersPasskeys(): Promise<boolean> {
  return knowsPasskeys() && (await (await library()).browserSupportsWebAuthnAutofill());
}

/**
 * Asks the browser for a passkey. With `autofill` nothing shows up before the person picks one in the field; a later
 * request takes the place of that one. Throws `SaidError` with words, `FoyerError` of the server, and
 * `PasskeyGivenUp` when the person or the page gave up.
 */
export async function askPasskey(client: FoyerClient, autofill = false): Promise<PasskeyAssertion> {
  const { publicKey } = await client.api.startPasskeySignIn();
  const { startAuthentication } = await library();
  type Options = Parameters<typeof startAuthentication>[0]["optionsJSON"];
  try {
    // Made for exactly this by the server's side of the same library.
    const optionsJSON = publicKey as unknown as Options;
    return { ...(await startAuthentication({ optionsJSON, useBrowserAutofill: autofill })) } as PasskeyAssertion;
  } catch (error) {
    throw saidOf(error, proofTexts.passkeyNotUsed);
  }
}

/** Takes back what `askPasskey` with `autofill` waits for. */
export async function stopPasskey(): Promise<void> {
  (await library()).WebAuthnAbortService.cancelCeremony();
}

/** Has the browser make a passkey. Throws as `askPasskey`. */
export async function makePasskey(client: FoyerClient): Promise<PasskeyAttestation> {
  const { publicKey } = await client.api.startPasskey();
  const { startRegistration } = await library();
  type Options = Parameters<typeof startRegistration>[0]["optionsJSON"];
  try {
    return { ...(await startRegistration({ optionsJSON: publicKey as unknown as Options })) } as PasskeyAttestation;
  } catch (error) {
    throw saidOf(error, proofTexts.passkeyNotMade);
  }
}

/** Nobody has to be told: the page itself asked for something else meanwhile. */
export class PasskeyGivenUp extends Error {
  override readonly name = "PasskeyGivenUp";
}

/** Words for what a browser says about passkeys. `refused`: for its one answer to "no", "cancelled" and "too late". */
export function saidOf(error: unknown, refused: string): Error {
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  if (name === "AbortError" || code === "ERROR_CEREMONY_ABORTED") return new PasskeyGivenUp();
  if (code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED" || name === "InvalidStateError") {
    return new SaidError(proofTexts.passkeyKnown);
  }
  if (name === "NotAllowedError") return new SaidError(refused);
  if (code === "ERROR_INVALID_DOMAIN" || code === "ERROR_INVALID_RP_ID" || name === "SecurityError") {
    return new SaidError(proofTexts.passkeyElsewhere);
  }
  return new SaidError(proofTexts.passkeyUnable);
}
