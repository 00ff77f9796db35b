import { groupStates } from "../platform/config/config.checks.ts";
import type { Config } from "../platform/config/config.ts";
import type { Finding } from "./doctor.ts";

/** The providers that people can sign in with: what each takes, and where it sends people back to. */
const providers = [
  { group: "twitch", name: "Twitch", path: "/auth/callback", chosen: "TWITCH_REDIRECT_URI" },
  { group: "discord", name: "Discord", path: "/api/auth/discord/callback" },
  { group: "cognito", name: "Amazon Cognito", path: "/auth/cognito/callback" },
  { group: "oidc", name: "OpenID Connect", path: "/auth/oidc/callback" },
] as const;

/** For each provider whether people can sign in with it, and what is to do. Calls nobody. */
export function signInFindings({ services, publicUrl }: Config): Finding[] {
  const states = groupStates(services);
  return providers.map((provider): Finding => {
    const subject = `sign-in by ${provider.name}`;
    const missing = states.find(({ group }) => group === provider.group)?.missing ?? [];
    if (missing.length > 0) {
      return { state: "off", subject, text: `set ${missing.join(" and ")} (docs/operate/sign-in.md)` };
    }
    if (provider.group === "cognito" && services["COGNITO_DOMAIN"] === undefined) {
      return { state: "hint", subject, text: "only the pool's bearer tokens count: set COGNITO_DOMAIN for people" };
    }
    const chosen = "chosen" in provider ? services[provider.chosen] : undefined;
    return {
      state: "ok",
      subject,
      text: `set up; at ${provider.name} the redirect address must be ${chosen ?? `${publicUrl}${provider.path}`}`,
    };
  });
}
