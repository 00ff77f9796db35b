import type { OutsidePerson, SignInProvider, TokenProvider, Tokens } from "../../modules/identity/index.ts";
import { AppError } from "../../platform/errors/app.error.ts";
import { createCodeFlow } from "../oauth/code.flow.ts";
import { createOutsideFetch, type OutsideFetch } from "../oauth/outside.fetch.ts";
import { createTokenEndpoints } from "../oauth/token.endpoints.ts";
import { twitchApiUrl, twitchIdUrl } from "./twitch.addresses.ts";
import { standardTwitch } from "./twitch.fetch.ts";
import { levelScopes } from "./twitch.scopes.ts";
import { usersWire, validateWire } from "./twitch.wire.ts";

/** Twitch, and Foyer's application there. Addresses are for stand-ins. */
export interface TwitchSettings {
  clientId: string;
  clientSecret: string;
  redirectUri?: string | undefined;
  /** Default: `https://id.twitch.tv`. */
  idUrl?: string | undefined;
  /** Default: `https://api.twitch.tv`. */
  apiUrl?: string | undefined;
}

const NAME = "Twitch";

/** Signing in by Twitch. Its user info knows no scopes and no login: who somebody is, is asked elsewhere. */
export function createTwitchProvider(settings: TwitchSettings): SignInProvider & { tokens: TokenProvider } {
  const { clientId, clientSecret, redirectUri } = settings;
  const id = twitchIdUrl(settings.idUrl);
  const api = twitchApiUrl(settings.apiUrl);
  const outside = createOutsideFetch(NAME);
  const flow = createCodeFlow({
    name: NAME,
    clientId,
    clientSecret,
    fetch: standardTwitch(outside),
    server: async () => ({
      issuer: id,
      authorization_endpoint: `${id}/authorize`,
      token_endpoint: `${id}/token`,
      revocation_endpoint: `${id}/revoke`,
    }),
  });

  return {
    provider: "twitch",
    name: NAME,
    redirectUri,
    levels: levelScopes,

    authorizeUrl: (secrets, { redirectUri: redirect, level = "viewer", askAgain }) =>
      flow.authorizeUrl(secrets, redirect, levelScopes[level], { force_verify: String(askAgain) }),

    async complete(secrets, callback) {
      const { tokens } = await flow.exchange(secrets, callback, { idToken: "none" });
      const { person, scopes } = await whoIs(tokens);
      return { person, tokens: { ...tokens, scopes } };
    },

    tokens: {
      ...createTokenEndpoints(flow),
      async validate(accessToken, { signal }) {
        const found = await validate(accessToken, signal);
        return found === undefined
          ? { active: false }
          : { active: true, scopes: found.scopes ?? [], name: found.login };
      },
    },
  };

  /** What Twitch says of a token; undefined: it is not good (any more). */
  async function validate(accessToken: string, signal?: AbortSignal) {
    const headers = { authorization: `OAuth ${accessToken}` };
    const response = await outside(`${id}/validate`, { headers, signal });
    if (response.status === 401) return undefined;
    return read(validateWire, response);
  }

  async function whoIs(tokens: Tokens): Promise<{ person: OutsidePerson; scopes: string[] }> {
    const validity = await validate(tokens.accessToken);
    // A token that was issued to another application says nothing about who is here.
    if (validity === undefined || validity.client_id !== clientId) throw refused();
    const user = await self(outside, tokens.accessToken);
    if (user === undefined || user.id !== validity.user_id) throw refused();
    return {
      person: { subject: user.id, name: user.display_name, login: user.login, verifiedEmail: user.email },
      scopes: validity.scopes ?? [],
    };
  }

  async function self(fetch: OutsideFetch, accessToken: string) {
    const headers = { authorization: `Bearer ${accessToken}`, "client-id": clientId };
    const { data } = await read(usersWire, await fetch(`${api}/users`, { headers }));
    return data[0];
  }
}

async function read<T>(wire: { parse(value: unknown): T }, response: Response): Promise<T> {
  if (!response.ok) throw refused();
  const body: unknown = await response.json().catch(() => undefined);
  try {
    return wire.parse(body);
  } catch {
    throw refused();
  }
}

const refused = () => new AppError("sign_in.refused", `What came back from ${NAME} is not in order.`);
