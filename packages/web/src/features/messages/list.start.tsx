import { useSession } from "../../app/session.ts";
import { useOpenRoom } from "../room/room.context.ts";
import { roomTitle } from "../rooms/room.title.ts";
import styles from "./list.module.css";
import { messagesTexts as texts } from "./messages.texts.ts";

/** Stands above a room's first message. */
export function ListStart() {
  const { view } = useOpenRoom();
  const title = roomTitle(view, useSession().account?.accountId);
  return (
    <div className={styles.start}>
      <p className={styles.startTitle}>{view.kind === "direct" ? texts.startDirect(title) : texts.start(title)}</p>
      {view.topic !== "" && <p className={styles.startTopic}>{view.topic}</p>}
    </div>
  );
}
