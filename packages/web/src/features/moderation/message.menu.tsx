import type { Message, RoomView } from "@foyer/protocol";
import { hasRole } from "@foyer/protocol/constants";
import { Menu } from "@mantine/core";
import { IconClockPause, IconFlag, IconGavel, IconHistory, IconTrash } from "@tabler/icons-react";
import { use } from "react";
import { useClient } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { deferWithUndo } from "../../ui/undo.toast.tsx";
import { OpenRoomContext } from "../room/room.context.ts";
import { useModerationDialog } from "./moderation.dialogs.tsx";
import { moderationTexts } from "./moderation.texts.ts";

const t = moderationTexts;

/** Items of a message's menu that are about other people's messages: report, delete, earlier versions, sanctions. */
export function MessageMenu({ room, message }: { room: RoomView; message: Message }) {
  const client = useClient();
  const { account } = useSession();
  const open = useModerationDialog();
  const openRoom = use(OpenRoomContext);
  const own = account?.accountId === message.author.accountId;
  const deleted = message.deletedAt !== undefined;
  const mayModerate = room.rights.moderate;
  const mayReport = account !== null && hasRole(account.role, "member") && !own && !deleted;
  const person = message.author;

  // Nothing is to be shown for one's own message without a history.
  const withHistory = mayModerate && (deleted || message.editedAt !== undefined);
  if (!mayReport && !withHistory && (!mayModerate || own)) return null;

  const remove = () => {
    // An open room hides the message while that can be undone.
    if (openRoom !== undefined) return openRoom.remove(message.messageId);
    deferWithUndo({
      message: t.message.removing,
      commit: () => client.api.deleteMessage({ params: { roomId: message.roomId, messageId: message.messageId } }),
      restore: () => undefined,
    });
  };

  return (
    <>
      <Menu.Divider />
      {withHistory && (
        <Menu.Item
          leftSection={<IconHistory size={16} aria-hidden />}
          onClick={() => open({ kind: "revisions", message })}
        >
          {t.message.revisions}
        </Menu.Item>
      )}
      {mayReport && (
        <Menu.Item leftSection={<IconFlag size={16} aria-hidden />} onClick={() => open({ kind: "report", message })}>
          {t.message.report}
        </Menu.Item>
      )}
      {mayModerate && !own && (
        <>
          <Menu.Label>{t.label}</Menu.Label>
          <Menu.Item
            leftSection={<IconClockPause size={16} aria-hidden />}
            onClick={() => open({ kind: "timeOut", roomId: room.roomId, person })}
          >
            {t.message.timeOut}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconGavel size={16} aria-hidden />}
            onClick={() => open({ kind: "ban", person, room })}
          >
            {t.message.ban}
          </Menu.Item>
          {!deleted && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={remove}>
              {t.message.remove}
            </Menu.Item>
          )}
        </>
      )}
    </>
  );
}
