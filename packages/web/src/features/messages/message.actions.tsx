import type { Message } from "@foyer/protocol";
import { Menu } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { IconButton } from "../../ui/icon.button.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import { EmojiButton } from "./emoji.button.tsx";
import { MessageMenuItems } from "./message.menu.items.tsx";
import styles from "./message.module.css";
import { messagesTexts as texts } from "./messages.texts.ts";

interface MessageActionsProps {
  message: Message;
  menu: boolean;
  onMenu: (open: boolean) => void;
}

/** The bar over a message under the pointer or the focus: react, reply, edit, and the menu with all the rest. */
export function MessageActions(props: MessageActionsProps) {
  const { room, view, self, reply, edit } = useOpenRoom();
  const { message } = props;
  const [picking, setPicking] = useState(false);
  const gone = message.deletedAt !== undefined;
  const write = view.rights.write && !gone;
  const own = self !== undefined && message.author.accountId === self.accountId;
  return (
    <div
      className={styles.actions}
      role="toolbar"
      aria-label={texts.actions}
      data-open={props.menu || picking || undefined}
    >
      {write && (
        <EmojiButton
          look={{ label: texts.react }}
          onOpen={setPicking}
          onPick={(emoji) => void room.react(message.messageId, emoji, true).catch(sayError)}
        />
      )}
      {write && (
        <IconButton side="top" label={texts.reply} onClick={() => reply(message)}>
          <IconArrowBackUp size={18} stroke={1.75} />
        </IconButton>
      )}
      {write && own && (
        <IconButton side="top" label={texts.edit} onClick={() => edit(message)}>
          <IconPencil size={18} stroke={1.75} />
        </IconButton>
      )}
      <Menu opened={props.menu} onChange={props.onMenu} position="bottom-end" width={232} shadow="md">
        <Menu.Target>
          <IconButton side="top" label={texts.more}>
            <IconDots size={18} stroke={1.75} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown className={styles.menu ?? ""}>
          <MessageMenuItems message={message} />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
