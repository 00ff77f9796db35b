import type { Member, Profile, RoomView } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { IconMessage, IconUser } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { isGuest, useSession } from "../../app/session.ts";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import { dayText, fullTimeText } from "../../ui/when.text.tsx";
import { roleTexts } from "../moderation/given.roles.ts";
import { MemberMenu } from "../moderation/member.menu.tsx";
import styles from "./members.module.css";
import { membersTexts } from "./members.texts.ts";

const t = membersTexts.card;

interface CardProps {
  person: Profile;
  member: Member | undefined;
  room: RoomView;
  /** Called when something was chosen, so that whatever holds the card can close. */
  onDone: () => void;
}

/** Who somebody is, and what can be done: write to them, and moderate as far as one's rights go. */
export function PersonCard({ person, member, room, onDone }: CardProps) {
  const session = useSession();
  const own = session.account?.accountId === person.accountId;
  return (
    <div className={styles.card}>
      <div className={styles.cardHead}>
        <PersonAvatar person={person} size={48} />
        <div className={styles.cardNames}>
          <div className={styles.cardName}>{person.displayName}</div>
          <div className={styles.quiet}>@{person.handle}</div>
        </div>
      </div>
      {member !== undefined && (
        <div className={styles.quiet}>
          {roleTexts[member.role]}
          {member.roomRole === "owner" && ` · ${membersTexts.roomOwner}`}
          <div>{t.joined(dayText(member.joinedAt))}</div>
          {member.mutedUntil !== undefined && (
            <div className={styles.sanction}>
              {member.mutedUntil === null
                ? membersTexts.muted
                : membersTexts.mutedUntil(fullTimeText(member.mutedUntil))}
            </div>
          )}
        </div>
      )}
      {own ? (
        <Button
          variant="default"
          fullWidth
          leftSection={<IconUser size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/settings/$" params={{ _splat: "profile" }} {...props} />}
        >
          {t.edit}
        </Button>
      ) : (
        !isGuest(session) && member?.role !== "guest" && <DirectMessage person={person} onDone={onDone} />
      )}
      {!own && <MemberMenu person={person} member={member} room={room} onDone={onDone} />}
    </div>
  );
}

function DirectMessage({ person, onDone }: { person: Profile; onDone: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: () => client.api.createRoom({ body: { kind: "direct", accountIds: [person.accountId] } }),
    onSuccess: async (room) => {
      onDone();
      await queries.invalidateQueries({ queryKey: ["rooms"] });
      await navigate({ to: "/rooms/$roomId", params: { roomId: room.roomId } });
    },
    onError: sayError,
  });
  return (
    <Button
      fullWidth
      leftSection={<IconMessage size={16} aria-hidden />}
      loading={open.isPending}
      onClick={() => open.mutate()}
    >
      {t.message}
    </Button>
  );
}
