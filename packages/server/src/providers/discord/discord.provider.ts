import type { SignInProvider } from "../../modules/identity/index.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { createCodeFlow } from "../oauth/code.flow.ts";
import { createOutsideFetch } from "../oauth/outside.fetch.ts";
import { createTokenEndpoints } from "../oauth/token.endpoints.ts";
import { discordAddresses } from "./discord.addresses.ts";
import { userWire } from "./discord.wire.ts";

/** Discord, and Foyer's application there. */
export interface DiscordSettings {
  clientId: string;
  clientSecret: string;
  /** Default: `https://discord.com/api`. With or without the version behind it. */
  apiUrl?: string | undefined;
}

const NAME = "Discord";
/**
 * `identify`: id and name. `guilds`: which servers somebody manages, for alerts. Not `email`: nothing needs it, and
 * Discord gives addresses that it has not verified.
 */
const SCOPES = ["identify", "guilds"];

/** Signing in by Discord. */
export function createDiscordProvider({ clientId, clientSecret, apiUrl }: DiscordSettings): SignInProvider {
  const addresses = discordAddresses(apiUrl);
  const api = `${addresses.api}/v${addresses.version}`;
  const outside = createOutsideFetch(NAME);
  const flow = createCodeFlow({
    name: NAME,
    clientId,
    clientSecret,
    fetch: outside,
    server: async () => ({
      issuer: "https://discord.com",
      authorization_endpoint: addresses.authorize,
      token_endpoint: `${api}/oauth2/token`,
      revocation_endpoint: `${api}/oauth2/token/revoke`,
    }),
  });

  return {
    provider: "discord",
    name: NAME,
    authorizeUrl: (secrets, { redirectUri, askAgain }) =>
      flow.authorizeUrl(secrets, redirectUri, SCOPES, { prompt: askAgain ? "consent" : "none" }),

    async complete(secrets, callback) {
      const { tokens } = await flow.exchange(secrets, callback, { idToken: "none" });
      const response = await outside(`${api}/users/@me`, {
        headers: { authorization: `Bearer ${tokens.accessToken}` },
      });
      const user = userWire.safeParse(response.ok ? await response.json().catch(() => undefined) : undefined);
      if (!user.success) throw new AppError("sign_in.refused", `What came back from ${NAME} is not in order.`);
      const { id, username, global_name: globalName } = user.data;
      return { person: { subject: id, name: globalName ?? username, login: username }, tokens };
    },

    tokens: createTokenEndpoints(flow),
  };
}
