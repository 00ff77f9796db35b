import type { OutsideFetch } from "../oauth/outside.fetch.ts";
import { errorWire, tokenWire } from "./twitch.wire.ts";

/**
 * Twitch's token endpoint as the standard has it: scopes as text, and errors with a code. What Twitch means by a
 * refusal stands in a sentence.
 */
export function standardTwitch(fetch: OutsideFetch): OutsideFetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!new URL(url).pathname.endsWith("/token")) return response;
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) {
      const { scope, ...rest } = tokenWire.parse(body);
      return Response.json({ ...rest, scope: Array.isArray(scope) ? scope.join(" ") : (scope ?? "") });
    }
    const message = errorWire.safeParse(body).data?.message ?? "";
    const error = /invalid (?:refresh token|authorization code)|expired|revoked/i.test(message)
      ? "invalid_grant"
      : "invalid_request";
    return Response.json({ error, error_description: message }, { status: 400 });
  };
}
