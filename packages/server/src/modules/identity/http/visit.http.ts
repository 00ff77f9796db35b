import { isoTime } from "../../../platform/clock/clock.ts";
import type { HttpContext } from "../../../transports/http/index.ts";
import type { Grant, Visit } from "../identity.types.ts";
import { deviceName } from "../sessions/device.name.ts";

/** Who comes with a request, for a session that is opened by it. */
export function visitOf({
  caller,
  addressHash,
  place,
  request,
}: Pick<HttpContext, "caller" | "addressHash" | "place" | "request">): Visit {
  return {
    addressHash,
    device: deviceName(request.headers.get("user-agent")),
    place,
    // A token for programs is no session: it does not end because somebody signs in.
    ...(caller.kind === "account" && caller.scopes === undefined ? { replaces: caller } : {}),
  };
}

/** Gives the session as a cookie and in the answer: browsers keep the one, programs the other. */
export function give(context: Pick<HttpContext, "setSession">, grant: Grant) {
  // For as long as using the session can make it last: when it really ends the server says.
  context.setSession(grant.token, grant.endsAt);
  return { account: grant.account, token: grant.token, expiresAt: isoTime(grant.expiresAt) };
}
