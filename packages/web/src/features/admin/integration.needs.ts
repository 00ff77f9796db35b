import type { SignInProvider } from "@foyer/protocol";

/** Variables without which a provider stays off, as `docs/operate/configuration.md` names them. */
export const neededVariables: Record<SignInProvider, readonly string[]> = {
  twitch: ["TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"],
  discord: ["DISCORD_CLIENT_ID", "DISCORD_CLIENT_SECRET"],
  cognito: ["COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "COGNITO_DOMAIN"],
  oidc: ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
};

const list = new Intl.ListFormat("en", { type: "conjunction" });

/** The variables of a provider as one reads them: "A, B, and C". */
export function neededText(provider: SignInProvider): string {
  return list.format(neededVariables[provider]);
}
