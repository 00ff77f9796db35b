import type { Member, Profile, RoomView } from "@foyer/protocol";
import { Button, NativeSelect } from "@mantine/core";
import { IconClockPause, IconGavel, IconMessageCheck, IconUserMinus, IconWorldOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { offerUndo, sayError } from "../../ui/undo.toast.tsx";
import { type GivenRole, rolesToGive, roleTexts } from "./given.roles.ts";
import { memberRights } from "./member.rights.ts";
import { useModerationDialog } from "./moderation.dialogs.tsx";
import styles from "./moderation.module.css";
import { moderationTexts } from "./moderation.texts.ts";
import { membersKey, useSanctions } from "./sanctions.ts";

const t = moderationTexts.member;

interface MemberMenuProps {
  person: Profile;
  member: Member | undefined;
  room: RoomView;
  /** Called when something was chosen, so that whatever holds the menu can close. */
  onDone: () => void;
}

/** What a moderator may do to somebody in a room; nothing at all for those without the right. */
export function MemberMenu({ person, member, room, onDone }: MemberMenuProps) {
  const { account } = useSession();
  const open = useModerationDialog();
  const sanctions = useSanctions(room.roomId);
  const rights = memberRights(account, room, person, member);
  const muted = member?.mutedUntil !== undefined;
  if (!rights.sanction && !rights.banFromServer && !rights.changeRole) return null;
  const choose = (act: () => void) => () => {
    onDone();
    act();
  };
  return (
    <div role="group" aria-label={moderationTexts.label} className={styles.menu}>
      {rights.changeRole && member !== undefined && <RoleSelect member={member} room={room} />}
      {rights.sanction && muted && (
        <Item
          icon={<IconMessageCheck size={16} aria-hidden />}
          label={t.unmute}
          onClick={choose(() => void sanctions.unmute(person).catch(sayError))}
        />
      )}
      {rights.sanction && !muted && (
        <Item
          icon={<IconClockPause size={16} aria-hidden />}
          label={t.timeOut}
          onClick={choose(() => open({ kind: "timeOut", roomId: room.roomId, person }))}
        />
      )}
      {rights.remove && (
        <Item
          icon={<IconUserMinus size={16} aria-hidden />}
          label={t.remove}
          onClick={choose(() => sanctions.remove(person))}
        />
      )}
      {rights.sanction && (
        <Item
          danger
          icon={<IconGavel size={16} aria-hidden />}
          label={t.banRoom}
          onClick={choose(() => open({ kind: "ban", person, room }))}
        />
      )}
      {rights.banFromServer && (
        <Item
          danger
          icon={<IconWorldOff size={16} aria-hidden />}
          label={t.banServer}
          onClick={choose(() => open({ kind: "ban", person }))}
        />
      )}
    </div>
  );
}

function Item(props: { icon: ReactNode; label: string; danger?: boolean; onClick: () => void }) {
  return (
    <Button
      variant="subtle"
      color={props.danger === true ? "red" : "gray"}
      fullWidth
      justify="flex-start"
      leftSection={props.icon}
      className={styles.menuItem}
      data-danger={props.danger}
      onClick={props.onClick}
    >
      {props.label}
    </Button>
  );
}

function RoleSelect({ member, room }: { member: Member; room: RoomView }) {
  const client = useClient();
  const queries = useQueryClient();
  const { account } = useSession();
  const given = account === null ? [] : rolesToGive(account.role);
  const set = async (role: GivenRole) => {
    await client.api.updateAccount({ params: { accountId: member.accountId }, body: { role } });
    await queries.invalidateQueries({ queryKey: membersKey(room.roomId) });
  };
  const change = useMutation({
    mutationFn: async (role: GivenRole) => {
      const before = given.find((known) => known === member.role);
      await set(role);
      offerUndo({
        message: t.roleChanged(member.displayName, roleTexts[role]),
        undo: () => (before === undefined ? Promise.resolve() : set(before)),
      });
    },
    onError: sayError,
  });
  return (
    <NativeSelect
      label={t.role}
      size="sm"
      mb={8}
      disabled={change.isPending}
      value={member.role}
      data={given.map((role) => ({ value: role, label: roleTexts[role] }))}
      onChange={(event) => {
        const role = given.find((known) => known === event.currentTarget.value);
        if (role !== undefined) change.mutate(role);
      }}
    />
  );
}
