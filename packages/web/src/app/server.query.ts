import type { FoyerClient } from "@foyer/client";
import { queryOptions } from "@tanstack/react-query";

/** What this server can do, for `features`: it stays the same while the server runs. */
export function serverQuery(client: FoyerClient) {
  return queryOptions({ queryKey: ["server"], queryFn: () => client.api.serverInfo(), staleTime: 300_000 });
}

/** Providers outside that people can sign in with. */
export function providersQuery(client: FoyerClient) {
  return queryOptions({ queryKey: ["providers"], queryFn: () => client.api.listProviders(), staleTime: 300_000 });
}
