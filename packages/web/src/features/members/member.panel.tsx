import type { Profile, RoomView } from "@foyer/protocol";
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useRoom } from "../../app/client.context.tsx";
import { ListStatus, MoreButton } from "../../ui/paged.query.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { groupPeople, matches, type Person, presenceListLimit } from "./member.groups.ts";
import { MemberRow } from "./member.row.tsx";
import styles from "./members.module.css";
import { useMembers } from "./members.query.ts";
import { membersTexts as t } from "./members.texts.ts";

/** The people of a room: those who are here first. Large rooms tell only how many are here. */
export function MemberPanel({ room, onClose }: { room: RoomView; onClose: () => void }) {
  const { snapshot } = useRoom(room.roomId);
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), 200);
  const large = room.memberCount > presenceListLimit || snapshot.presence.count > presenceListLimit;
  const query = useMembers(room.roomId, q, !large);
  const here = snapshot.status === "live" && !large ? snapshot.presence.accounts : undefined;
  // Whoever's card is open stays where they are in the list: coming or going must not close it under the hand.
  const [held, setHeld] = useState<Person>();
  const groups = groupPeople(
    query.items,
    keepAsWas(here, held)?.filter((profile) => matches(profile, q)),
  );
  const onCard = (person: Person, open: boolean): void => setHeld(open ? person : undefined);
  // Large rooms come page by page in the order of names, and nobody is known to be here or away.
  const everybody: Person[] = large
    ? query.items.map((member) => ({ profile: member, member, online: undefined }))
    : [...groups.online, ...groups.offline];

  return (
    <div className={styles.panel}>
      <header className={styles.header}>
        <h2 className={styles.title}>{t.title}</h2>
        <ActionIcon aria-label={t.close} onClick={onClose}>
          <IconX size={18} stroke={1.75} />
        </ActionIcon>
      </header>
      <div className={styles.search}>
        <TextInput
          type="search"
          size="sm"
          aria-label={t.search}
          placeholder={t.search}
          maxLength={64}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div className={styles.list}>
        <ListStatus pending={query.isPending} text={q === "" ? "" : t.found(everybody.length)} />
        {query.isPending && <LoadingState rows={6} />}
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && everybody.length === 0 && <Nobody q={q} onClear={() => setText("")} />}
        {query.isSuccess && everybody.length > 0 && large && (
          <>
            <p className={styles.counts} title={t.countsNote}>
              {t.counts(snapshot.presence.count, room.memberCount)}
            </p>
            <Group
              label={q === "" ? t.everybody(room.memberCount) : t.found(everybody.length)}
              people={everybody}
              room={room}
              onCard={onCard}
            />
          </>
        )}
        {query.isSuccess && everybody.length > 0 && !large && (
          <>
            <Group label={t.online(groups.online.length)} people={groups.online} room={room} onCard={onCard} />
            <Group label={t.offline(groups.offline.length)} people={groups.offline} room={room} onCard={onCard} />
          </>
        )}
        {large && <MoreButton query={query} label={t.more} />}
      </div>
    </div>
  );
}

/** Those who are here, with `held` among them or not as when the card about them was opened. */
function keepAsWas(here: readonly Profile[] | undefined, held: Person | undefined): readonly Profile[] | undefined {
  if (here === undefined || held?.online === undefined) return here;
  const others = here.filter((profile) => profile.accountId !== held.profile.accountId);
  return held.online ? [...others, held.profile] : others;
}

interface GroupProps {
  label: string;
  people: readonly Person[];
  room: RoomView;
  onCard: (person: Person, open: boolean) => void;
}

function Group(props: GroupProps) {
  const heading = useId();
  if (props.people.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className={styles.heading}>
        {props.label}
      </h3>
      <ul className={styles.people}>
        {props.people.map((person) => (
          <MemberRow key={person.profile.accountId} person={person} room={props.room} onCard={props.onCard} />
        ))}
      </ul>
    </section>
  );
}

function Nobody({ q, onClear }: { q: string; onClear: () => void }) {
  if (q === "") return <EmptyState title={t.empty} hint={t.emptyHint} />;
  return (
    <EmptyState
      title={t.notFound(q)}
      action={
        <Button variant="default" onClick={onClear}>
          {t.clear}
        </Button>
      }
    />
  );
}
