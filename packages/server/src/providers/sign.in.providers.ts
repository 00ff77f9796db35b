import type { OutsideBearer, SignInProvider, TokenProvider } from "../modules/identity/index.ts";
import { createCognitoBearer } from "./cognito/cognito.bearer.ts";
import { type CognitoSettings, createCognitoProvider } from "./cognito/cognito.provider.ts";
import { createDiscordProvider } from "./discord/discord.provider.ts";
import { createOidcProvider } from "./oidc/oidc.provider.ts";
import { createTwitchProvider } from "./twitch/twitch.provider.ts";

/** The providers that an operator has set up. */
export interface ConfiguredProviders {
  providers: SignInProvider[];
  bearers: OutsideBearer[];
  /** Whose tokens are kept, by name. */
  tokens: Record<string, TokenProvider>;
}

/** Providers by the operator's variables. Each is there only when its group is set; nothing is called before it is used. */
export function createConfiguredProviders(services: Readonly<Record<string, string>>): ConfiguredProviders {
  const cognito = cognitoOf(services);
  const providers = [
    twitchOf(services),
    discordOf(services),
    cognito === undefined ? undefined : createCognitoProvider(cognito),
    oidcOf(services),
  ].filter((provider) => provider !== undefined);
  return {
    providers,
    bearers: cognito === undefined ? [] : [createCognitoBearer(cognito)],
    tokens: Object.fromEntries(providers.flatMap(({ provider, tokens }) => (tokens ? [[provider, tokens]] : []))),
  };
}

function twitchOf(services: Readonly<Record<string, string>>): SignInProvider | undefined {
  const { TWITCH_CLIENT_ID: clientId, TWITCH_CLIENT_SECRET: clientSecret } = services;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const { TWITCH_REDIRECT_URI: redirectUri, TWITCH_ID_URL: idUrl, TWITCH_API_URL: apiUrl } = services;
  return createTwitchProvider({ clientId, clientSecret, redirectUri, idUrl, apiUrl });
}

function discordOf(services: Readonly<Record<string, string>>): SignInProvider | undefined {
  const { DISCORD_CLIENT_ID: clientId, DISCORD_CLIENT_SECRET: clientSecret, DISCORD_API_URL: apiUrl } = services;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return createDiscordProvider({ clientId, clientSecret, apiUrl });
}

function oidcOf(services: Readonly<Record<string, string>>): SignInProvider | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = services;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return createOidcProvider({ issuer, clientId, clientSecret });
}

function cognitoOf(services: Readonly<Record<string, string>>): CognitoSettings | undefined {
  const { COGNITO_USER_POOL_ID: userPoolId, COGNITO_CLIENT_ID: clientId } = services;
  if (userPoolId === undefined || clientId === undefined) return undefined;
  const { COGNITO_CLIENT_SECRET: clientSecret, COGNITO_ISSUER: issuer, COGNITO_DOMAIN: domain } = services;
  return { userPoolId, clientId, clientSecret, issuer, domain };
}
