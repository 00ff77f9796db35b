import { type SignInProvider as ProviderName, signInProviders } from "@foyer/protocol";
import { notConfigured } from "./linking.errors.ts";
import type { SignInProvider } from "./sign.in.provider.port.ts";

/** What people call the providers, whether or not they are set up. */
export const providerNames: Record<ProviderName, string> = {
  twitch: "Twitch",
  discord: "Discord",
  cognito: "Amazon Cognito",
  oidc: "OpenID Connect",
};

/** The path that begins a sign-in. */
export const signInPath = (provider: ProviderName) => `/auth/${provider}`;

/**
 * Paths that a provider may send people back to, the server's own choice first. No two providers share one: an answer
 * of one can never be taken for another's.
 */
export const callbackPaths: Record<ProviderName, readonly string[]> = {
  twitch: ["/auth/callback", "/auth/twitch/callback", "/api/auth/twitch/callback"],
  discord: ["/api/auth/discord/callback", "/auth/discord/callback"],
  cognito: ["/auth/cognito/callback", "/api/auth/cognito/callback"],
  oidc: ["/auth/oidc/callback", "/api/auth/oidc/callback"],
};

/** The providers that are set up. */
export interface Providers {
  /** In the order in which they are shown. */
  all(): readonly SignInProvider[];
  named(provider: string): SignInProvider | undefined;
  /** Throws `sign_in.not_configured`. */
  get(provider: ProviderName): SignInProvider;
  /** Where a provider sends people back to: what the operator set, or the server's own path. */
  redirectUri(provider: ProviderName): string;
}

/** `publicUrl` is asked at each use: the port may be known only once the server listens. */
export function createProviders(configured: readonly SignInProvider[], publicUrl: () => string): Providers {
  const named = (provider: string) => configured.find((each) => each.provider === provider);
  return {
    all: () => signInProviders.flatMap((provider) => named(provider) ?? []),
    named,
    get(provider) {
      const found = named(provider);
      if (found === undefined) throw notConfigured(providerNames[provider]);
      return found;
    },
    redirectUri: (provider) => named(provider)?.redirectUri ?? `${publicUrl()}${callbackPaths[provider][0]}`,
  };
}
