import type { FoyerClient } from "@foyer/client";
import { queryOptions } from "@tanstack/react-query";

/** One's own outside accounts. */
export function linksQuery(client: FoyerClient) {
  return queryOptions({ queryKey: ["links"], queryFn: ({ signal }) => client.api.listLinks({ signal }) });
}
