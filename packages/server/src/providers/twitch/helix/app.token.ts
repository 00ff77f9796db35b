import { AppError } from "../../../platform/errors/app.error.ts";
import type { OutsideFetch } from "../../oauth/outside.fetch.ts";
import { tokenWire } from "../twitch.wire.ts";

/** The application's own token. */
export interface AppToken {
  /** A token that should work. Throws `provider.unavailable`. */
  get(signal: AbortSignal): Promise<string>;
  /** Twitch did not take `token`: the next `get` brings another one. */
  refused(token: string): void;
}

export interface AppTokenDeps {
  /** Twitch's sign-in host. */
  idUrl: string;
  clientId: string;
  clientSecret: string;
  fetch: OutsideFetch;
}

/** Client credentials. Renewed when Twitch refuses the token, not by the clock; fetched once for all who wait for it. */
export function createAppToken({ idUrl, clientId, clientSecret, fetch }: AppTokenDeps): AppToken {
  let held: string | undefined;
  let fetching: Promise<string> | undefined;

  async function grant(): Promise<string> {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    });
    const response = await fetch(`${idUrl}/token`, { method: "POST", body });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      throw new AppError("provider.unavailable", "Twitch does not take TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET.");
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    return tokenWire.parse(await response.json()).access_token;
  }

  return {
    async get(signal) {
      if (held !== undefined) return held;
      fetching ??= grant()
        .then((token) => {
          held = token;
          return token;
        })
        .finally(() => {
          fetching = undefined;
        });
      // Whoever is in a hurry does not wait; the token is for the next.
      return Promise.race([fetching, aborted(signal)]);
    },
    refused(token) {
      if (held === token) held = undefined;
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
