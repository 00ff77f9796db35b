import { useState } from "react";
import { useOpenRoom } from "../room/room.context.ts";
import styles from "./message.module.css";
import { MessageText } from "./message.text.tsx";
import { messagesTexts as texts } from "./messages.texts.ts";

/** True for a text so long that it would push the conversation out of sight. */
export function isLong(text: string): boolean {
  return text.length > 1_400 || (text.match(/\n/g)?.length ?? 0) > 24;
}

/** A message's text, folded when it is long. `id` is the key of its line. */
export function LongText(props: { id: string; text: string }) {
  const { unfolded } = useOpenRoom();
  const [open, setOpen] = useState(() => unfolded.has(props.id));
  if (!isLong(props.text)) return <MessageText text={props.text} />;
  const toggle = (): void => {
    if (open) unfolded.delete(props.id);
    else unfolded.add(props.id);
    setOpen(!open);
  };
  return (
    <>
      <div className={open ? undefined : styles.folded}>
        <MessageText text={props.text} />
      </div>
      <button type="button" className={styles.unfold} aria-expanded={open} onClick={toggle}>
        {open ? texts.showLess : texts.showAll}
      </button>
    </>
  );
}
