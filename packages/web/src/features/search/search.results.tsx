import { Button } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useClient } from "../../app/client.context.tsx";
import { ListStatus, MoreButton, usePaged } from "../../ui/paged.query.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { SearchHit } from "./search.hit.tsx";
import styles from "./search.module.css";
import type { SearchTerms } from "./search.page.tsx";
import { searchTexts as t } from "./search.texts.ts";

/** Messages that were found, newest first; before that a hint of what can be done here. */
export function SearchResults({ terms, onWiden }: { terms: SearchTerms; onWiden: () => void }) {
  const client = useClient();
  const q = terms.q ?? "";
  const query = usePaged({
    key: ["search", terms],
    load: (cursor, signal) =>
      client.api.search({
        query: {
          q,
          limit: 25,
          ...(terms.roomId === undefined ? {} : { roomId: terms.roomId }),
          ...(terms.from === undefined ? {} : { from: terms.from }),
          ...(cursor ? { cursor } : {}),
        },
        signal,
      }),
    enabled: q !== "",
  });
  if (q === "") return <Hint />;
  const filtered = terms.roomId !== undefined || terms.from !== undefined;
  return (
    <>
      <ListStatus
        pending={query.isPending}
        text={query.items.length === 0 ? t.empty(q) : t.found(query.items.length, query.hasNextPage)}
      />
      {query.isPending && <LoadingState rows={6} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && query.items.length === 0 && (
        <EmptyState
          title={t.empty(q)}
          hint={filtered ? t.emptyFiltered : t.emptyHint}
          {...(filtered
            ? {
                action: (
                  <Button variant="default" onClick={onWiden}>
                    {t.clearFilters}
                  </Button>
                ),
              }
            : {})}
        />
      )}
      {query.items.length > 0 && (
        <section aria-label={t.results}>
          <p className={styles.count} aria-hidden>
            {t.found(query.items.length, query.hasNextPage)}
          </p>
          <ol className={styles.hits}>
            {query.items.map((hit) => (
              <SearchHit key={hit.message.messageId} hit={hit} />
            ))}
          </ol>
          <MoreButton query={query} label={t.more} />
        </section>
      )}
    </>
  );
}

function Hint() {
  return (
    <EmptyState
      icon={<IconSearch size={32} stroke={1.5} aria-hidden />}
      title={t.hint}
      hint={`${t.hintLead} ${t.hintWords} ${t.hintFilters}`}
    />
  );
}
