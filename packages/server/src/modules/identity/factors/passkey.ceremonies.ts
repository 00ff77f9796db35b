import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { PasskeyRecord } from "./passkeys.store.ts";
import type { RelyingParty } from "./relying.party.ts";

/** Asked once for the challenge that a response carries: true if it was given out for this and not used yet. */
export type ChallengeCheck = (challenge: string) => Promise<boolean>;

/** Who a new passkey is for. */
export interface PasskeyOwner {
  accountId: string;
  handle: string;
  displayName: string;
}

/** A passkey as an authenticator made it. */
export type NewPasskey = Pick<PasskeyRecord, "credentialId" | "publicKey" | "counter" | "transports" | "synced">;

/** The library is loaded at the first use: a server without passkeys pays nothing for it. */
const library = () => import("@simplewebauthn/server");

const timeout = 300_000;
/** Ed25519, ECDSA on P-256 and RSA, as COSE numbers them: what authenticators have. */
const algorithms = [-8, -7, -257];

/** What a browser needs to make a passkey: one that can be found without a name, behind a PIN or a finger. */
export async function creationOptions(
  party: RelyingParty,
  owner: PasskeyOwner,
  known: readonly PasskeyRecord[],
  challenge: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpName: "Foyer",
    rpID: party.id,
    userID: bytesOf(Buffer.from(owner.accountId)),
    userName: owner.handle,
    userDisplayName: owner.displayName,
    challenge: bytesOf(Buffer.from(challenge, "base64url")),
    timeout,
    attestationType: "none",
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

/** What a browser needs to use a passkey. It names none: whoever asks learns nothing about anybody. */
export async function requestOptions(
  party: RelyingParty,
  challenge: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: bytesOf(Buffer.from(challenge, "base64url")),
    timeout,
    userVerification: "required",
  });
}

/** The passkey in a browser's answer; undefined when anything about it is not as it must be. */
export async function verifyCreation(
  party: RelyingParty,
  response: unknown,
  isExpected: ChallengeCheck,
): Promise<NewPasskey | undefined> {
  const { verifyRegistrationResponse } = await library();
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      // The library checks what the contract leaves open.
      response: response as RegistrationResponseJSON,
      expectedChallenge: isExpected,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (registrationInfo === undefined) return undefined;
    const { credential, credentialBackedUp, credentialDeviceType } = registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString("base64url"),
      counter: credential.counter,
      transports: (credential.transports ?? []).slice(0, 8),
      synced: credentialBackedUp || credentialDeviceType === "multiDevice",
    };
  } catch {
    return undefined;
  }
}

/** The counter in a browser's answer that `passkey` signed; undefined when anything about it is not as it must be. */
export async function verifyUse(
  party: RelyingParty,
  response: unknown,
  passkey: PasskeyRecord,
  isExpected: ChallengeCheck,
): Promise<{ counter: number; synced: boolean } | undefined> {
  const { verifyAuthenticationResponse } = await library();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: isExpected,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: bytesOf(Buffer.from(passkey.publicKey, "base64url")),
        counter: passkey.counter,
        transports: passkey.transports,
      },
    });
    if (!verified) return undefined;
    const { newCounter, credentialBackedUp, credentialDeviceType } = authenticationInfo;
    return { counter: newCounter, synced: credentialBackedUp || credentialDeviceType === "multiDevice" };
  } catch {
    return undefined;
  }
}

/** The library wants bytes in a buffer of their own. */
function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(buffer);
}
