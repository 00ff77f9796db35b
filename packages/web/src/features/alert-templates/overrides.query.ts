import type { FoyerClient } from "@foyer/client";
import { queryOptions } from "@tanstack/react-query";

/** What a destination does differently for single streamers. */
export function overridesQuery(client: FoyerClient, guildId: string, destinationId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId, "overrides", destinationId],
    queryFn: ({ signal }) => client.api.listOverrides({ params: { guildId, destinationId }, signal }),
  });
}
