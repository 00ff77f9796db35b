import { z } from "zod";
import { tokenScopes } from "./scopes.ts";
import { id, passphrase, password, time } from "./values.ts";

/** A way to show that one is who one says: of signing in (`second factor`) and of `stepUp`. */
export const proofMethods = ["password", "totp", "recovery_code", "passkey"] as const;
export const proofMethod = z.enum(proofMethods);
export type ProofMethod = z.infer<typeof proofMethod>;

const label = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, "must not hold control characters");

/** Six digits of an authenticator app; spaces are let through. */
const totpCode = z.string().regex(/^\s*\d{3}\s*\d{3}\s*$/, "must be six digits");
/** As it was shown, with or without its dashes, in any case. */
const recoveryCode = z.string().trim().min(8).max(64);

/** What `navigator.credentials.get` gives, as `PublicKeyCredential.toJSON()`: handed over as it is. */
export const passkeyAssertion = z.looseObject({
  id: z.string().max(1400),
  rawId: z.string().max(1400),
  type: z.literal("public-key"),
  response: z.looseObject({
    clientDataJSON: z.string().max(8192),
    authenticatorData: z.string().max(8192),
    signature: z.string().max(4096),
    userHandle: z.string().max(256).nullish(),
  }),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});

/** What `navigator.credentials.create` gives, as `PublicKeyCredential.toJSON()`: handed over as it is. */
export const passkeyAttestation = z.looseObject({
  id: z.string().max(1400),
  rawId: z.string().max(1400),
  type: z.literal("public-key"),
  response: z.looseObject({
    clientDataJSON: z.string().max(8192),
    attestationObject: z.string().max(32_768),
    transports: z.array(z.string().max(32)).max(16).optional(),
  }),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});

/**
 * For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`. The challenge in it is good
 * for five minutes, once.
 */
export const passkeyOptions = z.object({ publicKey: z.record(z.string(), z.unknown()), expiresAt: time });
export type PasskeyOptions = z.infer<typeof passkeyOptions>;

/** One passkey. `synced`: it is kept by a password manager and may be on several devices. */
export const passkey = z.object({
  passkeyId: id,
  name: z.string(),
  createdAt: time,
  lastUsedAt: time.optional(),
  synced: z.boolean(),
});
export type Passkey = z.infer<typeof passkey>;

export const addPasskeyBody = z.strictObject({ name: label.optional(), response: passkeyAttestation });
export const renamePasskeyBody = z.strictObject({ name: label });

/** `recoveryCodes` come with the first second factor of an account, and are shown this once. */
export const addedPasskey = z.object({ passkey, recoveryCodes: z.array(z.string()).optional() });

/**
 * How one's account is guarded. `secondFactor`: signing in by password asks for one, which it does as soon as there is
 * an authenticator app or a passkey. `stepUp`: until when dangerous acts need no fresh proof in this session, and by
 * which methods it can be given (none of them: signing in again is the way).
 */
export const accountSecurity = z.object({
  hasPassword: z.boolean(),
  secondFactor: z.boolean(),
  totp: z.object({ createdAt: time, lastUsedAt: time.optional() }).nullable(),
  recoveryCodes: z.object({ left: z.number().int(), createdAt: time }).nullable(),
  passkeys: z.array(passkey),
  email: z.object({ address: z.string(), verifiedAt: time.optional() }).nullable(),
  stepUp: z.object({ until: time.nullable(), methods: z.array(proofMethod) }),
});
export type AccountSecurity = z.infer<typeof accountSecurity>;

/** Beginning of an authenticator app. `uri` goes into a QR code; `secret` (base32) is for typing in. Good for ten minutes. */
export const startedTotp = z.object({ uri: z.string(), secret: z.string(), expiresAt: time });
export type StartedTotp = z.infer<typeof startedTotp>;

export const confirmTotpBody = z.strictObject({ code: totpCode });

/** Each signs in once, instead of the second factor. Shown this once: the server keeps hashes. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
/** `recoveryCodes` are missing where the account had some already: those stay good. */
export const confirmedTotp = z.object({ recoveryCodes: z.array(z.string()).optional() });

/** A second factor: exactly one of them. */
export const secondFactorFields = {
  totp: totpCode.optional(),
  recoveryCode: recoveryCode.optional(),
  passkey: passkeyAssertion.optional(),
};

/** `pending` comes with `auth.second_factor_required`: who was let in by the first factor goes on with it, for ten minutes. */
export const secondFactorBody = z.strictObject({ pending: z.string().max(128), ...secondFactorFields });

/** Exactly one proof. A recovery code is used up by it. */
export const stepUpBody = z.strictObject({ password: z.string().min(1).max(256).optional(), ...secondFactorFields });
export type StepUpBody = z.input<typeof stepUpBody>;

/**
 * The session has been exchanged for a new one, which is set as the cookie, too; the old token is of no use any more.
 * `stepUpUntil`: dangerous acts need no other proof until then.
 */
export const steppedUp = z.object({ token: z.string(), expiresAt: time, stepUpUntil: time });
export type SteppedUp = z.infer<typeof steppedUp>;

export const passkeySignInBody = z.strictObject({ response: passkeyAssertion });

export const tokenScope = z.enum(tokenScopes);

/** A token for programs. `hint` is its end, by which one recognises it. `lastUsedAt` is right to five minutes. */
export const programToken = z.object({
  tokenId: id,
  name: z.string(),
  scopes: z.array(tokenScope),
  hint: z.string(),
  createdAt: time,
  expiresAt: time.optional(),
  lastUsedAt: time.optional(),
});
export type ProgramToken = z.infer<typeof programToken>;

/** Without `expiresInDays` it lasts until it is revoked. The scope `admin` takes a step-up. */
export const createTokenBody = z.strictObject({
  name: label,
  scopes: z.array(tokenScope).min(1).max(tokenScopes.length),
  expiresInDays: z.number().int().min(1).max(366).optional(),
});
export type CreateTokenBody = z.input<typeof createTokenBody>;

/** `secret` goes into `Authorization: Bearer`. It is told here and never again: the server keeps a hash. */
export const createdToken = z.object({ token: programToken, secret: z.string() });
export type CreatedToken = z.infer<typeof createdToken>;

export const verifyEmailBody = z.strictObject({ token: z.string().min(1).max(128) });
export const verifiedEmail = z.object({ email: z.string() });

/** `login` is a handle or an e-mail address. The answer is the same whether or not there is such an account. */
export const requestPasswordResetBody = z.strictObject({ login: z.string().trim().min(1).max(254) });
export const resetPasswordBody = z.strictObject({ token: z.string().min(1).max(128), newPassword: password });

/**
 * `handle` is one's own, typed in again. `messages`: `keep` leaves them under "Deleted account", `erase` deletes them
 * and takes back the reactions, in the background.
 */
export const deleteAccountBody = z.strictObject({ handle: z.string().max(64), messages: z.enum(["keep", "erase"]) });
export type DeleteAccountBody = z.input<typeof deleteAccountBody>;

/** `passphrase`: whoever has the file and this can read every credential. The server keeps neither. */
export const exportVaultBody = z.strictObject({ passphrase });
