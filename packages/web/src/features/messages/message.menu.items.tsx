import type { Message } from "@foyer/protocol";
import { Menu } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCopy,
  IconLink,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconTrash,
} from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useClient } from "../../app/client.context.tsx";
import { say, sayError } from "../../ui/undo.toast.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import styles from "./message.module.css";
import { messagesTexts as texts } from "./messages.texts.ts";

const MessageMenu = lazy(async () => ({ default: (await import("../moderation/message.menu.tsx")).MessageMenu }));
const quick = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];

/** Everything that can be done with a message: quick reactions, reply, edit, copy, pin, delete, and moderation. */
export function MessageMenuItems(props: { message: Message }) {
  const client = useClient();
  const { room, view, self, reply, edit, remove } = useOpenRoom();
  const { message } = props;
  const gone = message.deletedAt !== undefined;
  const write = view.rights.write && !gone;
  const own = self !== undefined && message.author.accountId === self.accountId;
  const pinned = message.pinnedAt !== undefined;
  const mayPin = !gone && (view.rights.moderate || (view.kind === "direct" && view.rights.write));

  const pin = (): void => {
    const { roomId, messageId } = message;
    client.api.pinMessage({ params: { roomId, messageId }, body: { on: !pinned } }).catch(sayError);
  };

  return (
    <>
      {write && (
        <div className={styles.quick} role="group" aria-label={texts.react}>
          {quick.map((emoji) => (
            <Menu.Item
              key={emoji}
              className={styles.quickEmoji ?? ""}
              aria-label={texts.reactWith(emoji)}
              onClick={() => void room.react(message.messageId, emoji, true).catch(sayError)}
            >
              {emoji}
            </Menu.Item>
          ))}
        </div>
      )}
      {write && (
        <Menu.Item leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => reply(message)}>
          {texts.reply}
        </Menu.Item>
      )}
      {write && own && (
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => edit(message)}>
          {texts.edit}
        </Menu.Item>
      )}
      {!gone && (
        <Menu.Item
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={() => copy(message.message, texts.textCopied)}
        >
          {texts.copyText}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconLink size={16} aria-hidden />}
        onClick={() => copy(permalink(message), texts.linkCopied)}
      >
        {texts.copyLink}
      </Menu.Item>
      {mayPin && (
        <Menu.Item
          leftSection={pinned ? <IconPinnedOff size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
          onClick={pin}
        >
          {pinned ? texts.unpin : texts.pin}
        </Menu.Item>
      )}
      {own && !gone && (
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => remove(message.messageId)}
        >
          {texts.remove}
        </Menu.Item>
      )}
      <Suspense fallback={null}>
        <MessageMenu room={view} message={message} />
      </Suspense>
    </>
  );
}

/** Address of a message on this server. */
export function permalink(message: Pick<Message, "roomId" | "messageId">): string {
  return `${location.origin}/rooms/${message.roomId}?message=${message.messageId}`;
}

function copy(text: string, done: string): void {
  // Over plain http on another host than localhost browsers offer no clipboard.
  if (navigator.clipboard === undefined) {
    say(texts.copyFailed);
    return;
  }
  navigator.clipboard.writeText(text).then(
    () => say(done),
    () => say(texts.copyFailed),
  );
}
