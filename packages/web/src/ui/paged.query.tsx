import { Button } from "@mantine/core";
import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { uiTexts } from "./ui.texts.ts";

interface PagedOptions<Item> {
  key: QueryKey;
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<{ items: Item[]; next?: string | undefined }>;
  enabled?: boolean;
  /** Milliseconds until all pages that are shown are asked for again. */
  refetchInterval?: (items: readonly Item[]) => number;
}

/** A list that is loaded page by page. `items` are those of all pages so far. */
export function usePaged<Item>(options: PagedOptions<Item>) {
  const query = useInfiniteQuery({
    queryKey: options.key,
    queryFn: ({ pageParam, signal }) => options.load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    enabled: options.enabled ?? true,
    refetchInterval: ({ state }) =>
      options.refetchInterval?.(state.data?.pages.flatMap((page) => page.items) ?? []) ?? false,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  label: string;
}

/** The button below a list that has more pages. */
export function MoreButton(props: MoreProps) {
  if (!props.query.hasNextPage) return null;
  return (
    <Button
      variant="default"
      mt="md"
      loading={props.query.isFetchingNextPage}
      onClick={() => void props.query.fetchNextPage()}
    >
      {props.label}
    </Button>
  );
}

/** Tells screen readers how a list that is being searched or loaded looks now. */
export function ListStatus(props: { pending: boolean; text: string }) {
  return (
    <span role="status" className="visually-hidden">
      {props.pending ? uiTexts.loading : props.text}
    </span>
  );
}
