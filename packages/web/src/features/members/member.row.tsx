import type { RoomView } from "@foyer/protocol";
import { Popover, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconMicrophoneOff } from "@tabler/icons-react";
import { type Ref, useState } from "react";
import { useSession } from "../../app/session.ts";
import { DialogFrame } from "../../ui/dialog.frame.tsx";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { roleTexts } from "../moderation/given.roles.ts";
import type { Person } from "./member.groups.ts";
import styles from "./members.module.css";
import { membersTexts as t } from "./members.texts.ts";
import { PersonCard } from "./person.card.tsx";

interface RowProps {
  person: Person;
  room: RoomView;
  /** Called when the card about the person opens or closes. */
  onCard: (person: Person, open: boolean) => void;
}

/** One person of the list; opens the card about them: beside the list, or as a dialog on a phone. */
export function MemberRow({ person, room, onCard }: RowProps) {
  const [opened, setCard] = useState(false);
  const setOpened = (open: boolean): void => {
    setCard(open);
    onCard(person, open);
  };
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false }) ?? false;
  const label = t.card.label(person.profile.displayName);
  const card = (
    <PersonCard person={person.profile} member={person.member} room={room} onDone={() => setOpened(false)} />
  );
  const button = <PersonButton person={person} opened={opened} onClick={() => setOpened(!opened)} />;
  if (phone) {
    return (
      <li>
        {button}
        <DialogFrame title={t.card.title} opened={opened} onClose={() => setOpened(false)}>
          {card}
        </DialogFrame>
      </li>
    );
  }
  return (
    <li>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="left-start"
        width={288}
        trapFocus
        returnFocus
        withinPortal
        middlewares={{ flip: true, shift: { padding: 8 } }}
      >
        <Popover.Target>{button}</Popover.Target>
        <Popover.Dropdown p="md" aria-label={label}>
          {card}
        </Popover.Dropdown>
      </Popover>
    </li>
  );
}

interface ButtonProps {
  person: Person;
  opened: boolean;
  onClick: () => void;
  ref?: Ref<HTMLButtonElement>;
}

function PersonButton({ person, opened, ref, ...others }: ButtonProps) {
  const { account } = useSession();
  const { profile, member, online } = person;
  const role = member?.role;
  return (
    <UnstyledButton
      {...others}
      ref={ref}
      className={styles.person}
      data-away={online === false || undefined}
      data-open={opened || undefined}
    >
      <PersonAvatar person={profile} size={32} online={online === true} />
      <span className={styles.names}>
        <span className={styles.name}>
          {profile.displayName}
          {profile.accountId === account?.accountId && <span className={styles.you}> ({t.you})</span>}
        </span>
        {role !== undefined && role !== "member" && <span className={styles.role}>{roleTexts[role]}</span>}
      </span>
      {member?.mutedUntil !== undefined && (
        <IconMicrophoneOff size={16} role="img" aria-label={t.muted} className={styles.muted} />
      )}
      {online !== undefined && <span className="visually-hidden">, {online ? t.here : t.away}</span>}
    </UnstyledButton>
  );
}
