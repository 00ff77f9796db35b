import type { FoyerClient } from "@foyer/client";
import { queryOptions } from "@tanstack/react-query";

/** Key of the query of how one's account is guarded. */
export const securityKey = ["security"] as const;

/** How one's account is guarded. */
export function securityQuery(client: FoyerClient) {
  return queryOptions({ queryKey: securityKey, queryFn: ({ signal }) => client.api.getSecurity({ signal }) });
}
