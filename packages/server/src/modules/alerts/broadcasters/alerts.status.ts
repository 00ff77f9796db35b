import type { AlertsStatus } from "@foyer/protocol";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import type { OwnLinks } from "./own.links.port.ts";

export interface AlertsStatusDeps {
  twitch: () => Promise<AlertsStatus["twitch"]>;
  discord: () => Promise<AlertsStatus["discord"]>;
  links: OwnLinks;
}

/** What is set up for alerts and works now, for the person who asks. */
export function createAlertsStatus({ twitch, discord, links }: AlertsStatusDeps) {
  return async ({ accountId }: AccountCaller): Promise<AlertsStatus> => {
    const [ofTwitch, ofDiscord, linked] = await Promise.all([twitch(), discord(), links.linked(accountId)]);
    return {
      twitch: ofTwitch,
      discord: ofDiscord,
      linked: { twitch: linked.twitch !== null, discord: linked.discord },
    };
  };
}
