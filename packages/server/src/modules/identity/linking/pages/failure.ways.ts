import type { ErrorCode, SignInProvider as ProviderName } from "@foyer/protocol";
import type { Flow, FlowWishes } from "../flows/flow.ts";
import { providerNames, signInPath } from "../providers.ts";
import type { Way } from "./sign.in.html.ts";

/** What somebody was doing who now sees what went wrong. */
export type Intent = Pick<Flow, "mode"> & FlowWishes;

/** Where links are made; a page that is not signed in asks for that first, and comes back. */
const LINKS_PAGE = "/settings/sign-in";

/** The path that starts a sign-in with the same wishes once more. */
function signInAgain(provider: ProviderName, wishes: FlowWishes): string {
  const query = new URLSearchParams();
  if (wishes.level !== undefined) query.set("permission_level", wishes.level);
  if (wishes.returnTo !== undefined) query.set("return_to", wishes.returnTo);
  if (wishes.invite !== undefined) query.set("invite", wishes.invite);
  if (wishes.separate === true) query.set("separate", "true");
  return query.size === 0 ? signInPath(provider) : `${signInPath(provider)}?${query}`;
}

/**
 * The ways on from a failure. Whoever linked an account goes back to where they began: a sign-in would be another
 * thing, and could make a second account. Where it is not known what they wanted, both are offered. `again`: starting
 * once more can help.
 */
export function waysOn(code: ErrorCode, provider: ProviderName, intent: Intent | undefined, again: boolean): Way[] {
  if (intent?.mode === "link") {
    const path = intent.startedFrom ?? intent.returnTo ?? LINKS_PAGE;
    return [{ label: path.startsWith("/settings") ? "Back to the settings" : "Back to where you were", path }];
  }
  if (code === "sign_in.email_in_use") {
    return [{ label: "Make a separate account", path: signInAgain(provider, { ...intent, separate: true }) }];
  }
  if (!again) return [];
  if (intent !== undefined) return [{ label: "Try again", path: signInAgain(provider, intent) }];
  return [
    { label: `Sign in with ${providerNames[provider]}`, path: signInPath(provider) },
    { label: "Link an account in the settings", path: LINKS_PAGE },
  ];
}
