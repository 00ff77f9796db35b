import type { SignInProvider } from "@foyer/protocol";
import { IconBrandAws, IconBrandDiscord, IconBrandTwitch, IconLogin2 } from "@tabler/icons-react";

const marks = { twitch: IconBrandTwitch, discord: IconBrandDiscord, cognito: IconBrandAws, oidc: IconLogin2 };

/** The sign of a provider, in the colour of the text around it. Decorative. */
export function ProviderMark(props: { provider: SignInProvider; size?: number }) {
  const Mark = marks[props.provider];
  return <Mark size={props.size ?? 20} stroke={1.75} aria-hidden />;
}
