import type { DestinationKind } from "@foyer/protocol";
import { IconBrandDiscord, IconDeviceMobile, IconMessage, IconWebhook } from "@tabler/icons-react";

const icons = { discord: IconBrandDiscord, room: IconMessage, push: IconDeviceMobile, webhook: IconWebhook } as const;

/** What a kind of destination looks like. Its name must stand beside it. */
export function DestinationIcon({ kind }: { kind: DestinationKind }) {
  const Icon = icons[kind];
  return <Icon size={22} aria-hidden />;
}
