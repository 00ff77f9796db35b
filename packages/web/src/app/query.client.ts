import { FoyerError } from "@foyer/client";
import { QueryClient } from "@tanstack/react-query";

/** Queries try again twice where trying again can help; a refusal is final. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && !(error instanceof FoyerError && (error.status ?? 500) < 500),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
    },
  });
}
