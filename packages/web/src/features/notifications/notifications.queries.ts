import type { FoyerClient } from "@foyer/client";
import { queryOptions } from "@tanstack/react-query";

/** How one wants to hear of each streamer, and when not. */
export function preferencesQuery(client: FoyerClient) {
  return queryOptions({
    queryKey: ["preferences"],
    queryFn: ({ signal }) => client.api.getPreferences({ signal }),
  });
}

/** One's own phones and browsers. */
export function devicesQuery(client: FoyerClient) {
  return queryOptions({
    queryKey: ["push-devices"],
    queryFn: ({ signal }) => client.api.listPushDevices({ signal }),
  });
}
