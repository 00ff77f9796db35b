import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { searchTexts as t } from "./search.texts.ts";

/** Narrows a search to what one person wrote; `value` is a handle. */
export function PersonFilter(props: { value: string | undefined; onChange: (handle: string | undefined) => void }) {
  const client = useClient();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed, 200);
  const found = useQuery({
    queryKey: ["accounts", asked],
    queryFn: async ({ signal }) =>
      (await client.api.searchAccounts({ query: { q: asked.replace(/^@/, "").slice(0, 64), limit: 10 }, signal }))
        .items,
    placeholderData: keepPreviousData,
  });
  const known = useRef(new Map<string, string>());
  for (const person of found.data ?? []) known.current.set(person.handle, `${person.displayName} (@${person.handle})`);
  // The chosen one stays, whether or not it is among those found now.
  const handles = new Set([
    ...(props.value === undefined ? [] : [props.value]),
    ...(found.data ?? []).map((person) => person.handle),
  ]);
  return (
    <Select
      label={t.from}
      placeholder={t.anybody}
      data={[...handles].map((handle) => ({ value: handle, label: known.current.get(handle) ?? `@${handle}` }))}
      searchable
      clearable
      filter={({ options }) => options}
      nothingFoundMessage={t.personNotFound}
      onSearchChange={setTyped}
      value={props.value ?? null}
      onChange={(handle) => props.onChange(handle ?? undefined)}
    />
  );
}
