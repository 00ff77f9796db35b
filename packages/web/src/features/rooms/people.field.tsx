import type { Profile } from "@foyer/protocol";
import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { roomsTexts } from "./rooms.texts.ts";

const texts = roomsTexts.dialog;

interface PeopleFieldProps {
  value: string[];
  onChange: (accountIds: string[]) => void;
  error?: string | undefined;
}

/** Chooses one to seven people by handle or name. */
export function PeopleField(props: PeopleFieldProps) {
  const client = useClient();
  const own = useSession().account?.accountId;
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query, 200);
  const known = useRef(new Map<string, Profile>());
  const found = useQuery({
    queryKey: ["accounts", asked],
    queryFn: async ({ signal }) =>
      (await client.api.searchAccounts({ query: { q: asked.replace(/^@/, ""), limit: 10 }, signal })).items,
    placeholderData: keepPreviousData,
  });
  const offered = (found.data ?? []).filter((person) => person.accountId !== own);
  for (const person of offered) known.current.set(person.accountId, person);
  const ids = new Set([...props.value, ...offered.map((person) => person.accountId)]);
  return (
    <MultiSelect
      data-autofocus
      label={texts.people}
      placeholder={texts.peoplePlaceholder}
      searchable
      hidePickedOptions
      maxValues={7}
      value={props.value}
      onChange={props.onChange}
      searchValue={query}
      onSearchChange={setQuery}
      filter={({ options }) => options}
      nothingFoundMessage={texts.nobody(query)}
      error={props.error}
      data={[...ids].map((id) => ({ value: id, label: nameOf(known.current.get(id)) }))}
    />
  );
}

function nameOf(person: Profile | undefined): string {
  if (person === undefined) return "";
  return person.displayName === person.handle ? `@${person.handle}` : `${person.displayName} (@${person.handle})`;
}
