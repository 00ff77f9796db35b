import { z } from "zod";
import { roles } from "./constants.ts";
import { secondFactorFields } from "./security.ts";
import { displayName, handle, id, password, time } from "./values.ts";

export const role = z.enum(roles);

/** What everybody may see of an account. */
export const profile = z.object({
  accountId: id,
  handle: z.string(),
  displayName: z.string(),
  avatar: z.string().optional(),
});
export type Profile = z.infer<typeof profile>;

/** What an account sees of itself, and admins of others. */
export const account = profile.extend({
  role,
  email: z.string().optional(),
  emailVerifiedAt: time.optional(),
  createdAt: time,
  suspendedAt: time.optional(),
});
export type Account = z.infer<typeof account>;

/**
 * One login. `current` marks the one that asks. `device` is a short reading of the user agent; `place` the network that
 * it was last used from, made coarse (`192.0.2.0/24`, `2001:db8:1::/48`) and forgotten after 30 days.
 */
export const session = z.object({
  sessionId: id,
  device: z.string(),
  place: z.string().optional(),
  createdAt: time,
  lastUsedAt: time,
  expiresAt: time,
  current: z.boolean(),
});
export type Session = z.infer<typeof session>;

export const registerBody = z.strictObject({
  handle,
  password,
  email: z.email().max(254).optional(),
  displayName: displayName.optional(),
  invite: z.string().max(128).optional(),
});
export type RegisterBody = z.input<typeof registerBody>;

/**
 * `login` is a handle or an e-mail address. Where the account asks for a second factor, `auth.second_factor_required`
 * says by which methods; one of them is given here together with the password, or to `completeSignIn`.
 */
export const loginBody = z.strictObject({
  login: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(256),
  ...secondFactorFields,
});
export type LoginBody = z.input<typeof loginBody>;

export const signedIn = z.object({ account, token: z.string(), expiresAt: time });
export type SignedIn = z.infer<typeof signedIn>;

/** `account` is null for somebody who is not signed in. `setup` is true until the first account exists. */
export const sessionState = z.object({
  account: account.nullable(),
  sessionId: id.optional(),
  expiresAt: time.optional(),
  setup: z.boolean(),
  registration: z.enum(["open", "closed"]),
  guests: z.enum(["none", "read", "write"]),
});
export type SessionState = z.infer<typeof sessionState>;

export const ticket = z.object({ ticket: z.string(), expiresAt: time });

export const updateProfileBody = z.strictObject({
  displayName: displayName.optional(),
  email: z.email().max(254).nullable().optional(),
});

/** `currentPassword` is left out by an account that has none yet: it sets its first one, after a fresh proof. */
export const changePasswordBody = z.strictObject({
  currentPassword: z.string().min(1).max(256).optional(),
  newPassword: password,
});

export const updateAccountBody = z.strictObject({
  role: z.enum(["owner", "admin", "moderator", "member"]).optional(),
  suspended: z.boolean().optional(),
});

/** `before`, `after`: what changed, in small. `subject`: kind and id of what was acted on. */
export const auditEntry = z.object({
  entryId: id,
  at: time,
  actor: profile.nullable(),
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;
