import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { PersonFilter } from "./person.filter.tsx";
import { RoomFilter } from "./room.filter.tsx";
import styles from "./search.module.css";
import { SearchResults } from "./search.results.tsx";
import { searchTexts as t } from "./search.texts.ts";

/** What is searched for; the address holds it, so that a search can be shared and gone back to. */
export interface SearchTerms {
  q?: string;
  roomId?: string;
  from?: string;
}

/** Full-text search in the rooms that one may read. */
export function SearchPage() {
  const terms = useSearch({ from: "/shell/search" });
  const navigate = useNavigate();
  const [text, setText] = useState(terms.q ?? "");
  const [asked, setAsked] = useState(terms.q ?? "");
  // Going back in the history changes the address without anybody typing.
  if ((terms.q ?? "") !== asked) {
    setAsked(terms.q ?? "");
    setText(terms.q ?? "");
  }
  useEffect(() => {
    document.title = `${t.title} · Foyer`;
  }, []);

  const search = (next: SearchTerms) => void navigate({ to: "/search", search: cleaned(next), replace: true });
  const ask = (q: string) => {
    setAsked(q.trim());
    search({ ...terms, q: q.trim() });
  };
  const askSoon = useDebouncedCallback(ask, 350);

  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <h1 className="visually-hidden">{t.title}</h1>
        <search>
          <form
            className={styles.form}
            onSubmit={(event: FormEvent) => {
              event.preventDefault();
              ask(text);
            }}
          >
            <div className={styles.query}>
              <TextInput
                className={styles.field}
                type="search"
                aria-label={t.query}
                placeholder={t.placeholder}
                maxLength={200}
                autoFocus
                size="md"
                leftSection={<IconSearch size={18} aria-hidden />}
                value={text}
                onChange={(event) => {
                  setText(event.currentTarget.value);
                  askSoon(event.currentTarget.value);
                }}
              />
              <Button type="submit" size="md">
                {t.submit}
              </Button>
            </div>
            <div className={styles.filters} role="group" aria-label={t.filters}>
              <RoomFilter value={terms.roomId} onChange={(roomId) => search({ ...terms, roomId })} />
              <PersonFilter value={terms.from} onChange={(from) => search({ ...terms, from })} />
            </div>
          </form>
        </search>
        <SearchResults terms={terms} onWiden={() => search({ ...(terms.q === undefined ? {} : { q: terms.q }) })} />
      </div>
    </div>
  );
}

/** Terms without those that say nothing, so that the address stays short. */
function cleaned(terms: { [K in keyof SearchTerms]: SearchTerms[K] | undefined }): SearchTerms {
  return {
    ...(terms.q ? { q: terms.q } : {}),
    ...(terms.roomId ? { roomId: terms.roomId } : {}),
    ...(terms.from ? { from: terms.from } : {}),
  };
}
