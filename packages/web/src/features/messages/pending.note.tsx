import type { PendingMessage } from "@foyer/client";
import { Button, Loader } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { codeText } from "../../ui/error.text.ts";
import { Delayed } from "../../ui/state.view.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import styles from "./message.module.css";
import { messagesTexts as texts } from "./messages.texts.ts";

/** How a message of one's own is doing on its way: quiet while it travels, with a way on when it was refused. */
export function PendingNote(props: { pending: PendingMessage }) {
  const { room, rewrite } = useOpenRoom();
  const { pending } = props;
  if (pending.state === "sending") {
    return (
      <Delayed>
        <span className={styles.sending}>
          <Loader size={10} color="gray" aria-hidden /> {texts.sending}
        </span>
      </Delayed>
    );
  }
  return (
    <div className={styles.failed} role="alert">
      <IconAlertCircle size={16} stroke={1.75} aria-hidden />
      <span>
        {texts.failed} {pending.error === undefined ? "" : codeText(pending.error.code, pending.error.message)}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={() => room.retry(pending.clientId)}>
        {texts.retry}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => rewrite(pending)}>
        {texts.change}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => room.discard(pending.clientId)}>
        {texts.discard}
      </Button>
    </div>
  );
}
