import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { ListStatus, MoreButton, usePaged } from "../../ui/paged.query.tsx";
import { Section } from "../../ui/sections.frame.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { AccountRow } from "./account.row.tsx";
import { accountsKey } from "./admin.keys.ts";
import styles from "./admin.module.css";
import { adminTexts } from "./admin.texts.ts";

const t = adminTexts.accounts;

/** All accounts, found by handle or name, with their role and state. */
export function AccountsSection() {
  const client = useClient();
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), 200);
  const query = usePaged({
    key: [...accountsKey, q],
    load: (cursor, signal) => client.api.listAccounts({ query: { q, ...(cursor ? { cursor } : {}) }, signal }),
  });
  return (
    <Section title={t.title} lead={t.lead}>
      <TextInput
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        maxLength={64}
        mb="md"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ListStatus pending={query.isPending} text={t.found(query.items.length)} />
      {query.isPending && <LoadingState rows={6} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && query.items.length === 0 && (
        <EmptyState
          title={t.empty}
          hint={t.emptyHint}
          action={
            <Button variant="default" onClick={() => setText("")}>
              {t.clear}
            </Button>
          }
        />
      )}
      {query.isSuccess && query.items.length > 0 && (
        // Explicit roles: on a phone the table is laid out as cards, which would take its meaning away.
        <table role="table" className={styles.table} aria-label={t.table}>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader">{t.columns.person}</th>
              <th role="columnheader">{t.columns.role}</th>
              <th role="columnheader">{t.columns.since}</th>
              <th role="columnheader">{t.columns.state}</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {query.items.map((account) => (
              <AccountRow key={account.accountId} account={account} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton query={query} label={adminTexts.more} />
    </Section>
  );
}
