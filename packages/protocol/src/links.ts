import { z } from "zod";
import { account } from "./accounts.ts";
import { permissionLevels, signInProviders } from "./constants.ts";
import { id, time } from "./values.ts";

export const signInProvider = z.enum(signInProviders);
export type SignInProvider = z.infer<typeof signInProvider>;

export const permissionLevel = z.enum(permissionLevels);
export type PermissionLevel = z.infer<typeof permissionLevel>;

/** A path of this server to go on to: `/rooms/general?at=3`. Never another host. */
export const returnPath = z
  .string()
  .max(512)
  .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, "must be a path of this server");

/**
 * A provider that people can sign in with now. `signInUrl` is a path to open, not to fetch: it takes `return_to` (a
 * path), `invite`, and where there are levels `permission_level`. `levelScopes`: all that the provider is asked for at
 * each level, in its own names.
 */
export const providerOffer = z.object({
  provider: signInProvider,
  name: z.string(),
  signInUrl: z.string(),
  permissionLevels: z.array(permissionLevel).optional(),
  levelScopes: z.record(permissionLevel, z.array(z.string())).optional(),
});
export type ProviderOffer = z.infer<typeof providerOffer>;

/**
 * An outside account that belongs to an account here. `name`: what the provider calls the person. `status`: `revoked`
 * when the provider no longer honours the grant; signing in there again mends it. `permissionLevel` is what the person
 * chose, `effectivePermissionLevel` what the granted scopes really allow: never more. Both are Twitch's alone.
 */
export const identityLink = z.object({
  provider: signInProvider,
  providerName: z.string(),
  name: z.string(),
  status: z.enum(["active", "revoked"]),
  permissionLevel: permissionLevel.optional(),
  effectivePermissionLevel: permissionLevel.nullable().optional(),
  scopes: z.array(z.string()),
  linkedAt: time,
});
export type IdentityLink = z.infer<typeof identityLink>;

/** One's own links. `lastWayIn`: the provider that cannot be unlinked, because nothing else would be left to sign in. */
export const linkList = z.object({
  items: z.array(identityLink),
  hasPassword: z.boolean(),
  lastWayIn: signInProvider.nullable(),
});
export type LinkList = z.infer<typeof linkList>;

/**
 * `returnTo`: where to go on to when the account is linked. `startedFrom`: the page that it is started from, which a
 * person is led back to when it does not come to that; else `returnTo`.
 */
export const startLinkBody = z.strictObject({
  permissionLevel: permissionLevel.optional(),
  returnTo: returnPath.optional(),
  startedFrom: returnPath.optional(),
});

/** Where the browser has to go next: an address of the provider, for `location.assign`. Good for ten minutes, once. */
export const startedLink = z.object({ url: z.string(), expiresAt: time });

export const setPermissionLevelBody = z.strictObject({
  permissionLevel,
  returnTo: returnPath.optional(),
  startedFrom: returnPath.optional(),
});

/**
 * Lowering counts at once: `link` has the new level. What the provider has not granted yet has to be asked for: then
 * `authorize` is an address of the provider for `location.assign`, and the level stays until the person comes back.
 */
export const permissionLevelChange = z.object({ link: identityLink, authorize: startedLink.optional() });

/** What is set up for signing in from outside. `redirectUri` is what has to be entered at the provider. */
export const authStatus = z.object({
  configured: z.boolean(),
  providers: z.array(
    z.object({
      provider: signInProvider,
      name: z.string(),
      configured: z.boolean(),
      signInUrl: z.string(),
      redirectUri: z.string(),
    }),
  ),
  permissionLevels: z.array(permissionLevel),
  registration: z.enum(["open", "closed"]),
});
export type AuthStatus = z.infer<typeof authStatus>;

/** Who one is. `permissionLevel` is the effective one; null without a link to Twitch. */
export const whoAmI = z.object({
  account,
  sessionId: id,
  expiresAt: time,
  permissionLevel: permissionLevel.nullable(),
  links: z.array(identityLink),
});
export type WhoAmI = z.infer<typeof whoAmI>;

/** What `/auth/callback` answers to programs (`Accept: application/json`): a token for `Authorization: Bearer`. */
export const accessToken = z.object({
  token: z.string(),
  tokenType: z.literal("Bearer"),
  expiresIn: z.number().int(),
  expiresAt: time,
  account,
  provider: signInProvider,
  permissionLevel: permissionLevel.nullable(),
});
export type AccessToken = z.infer<typeof accessToken>;
