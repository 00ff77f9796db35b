import type { Message } from "@foyer/protocol";
import { CloseButton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "../../app/client.context.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { MessageText } from "../messages/message.text.tsx";
import { dayName, fullTime } from "../messages/message.time.ts";
import { useOpenRoom } from "./room.context.ts";
import styles from "./room.module.css";
import { roomTexts as texts } from "./room.texts.ts";

/** Pinned messages of the open room, newest pin first. */
export function PinPanel(props: { onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const { view } = useOpenRoom();
  const { roomId } = view;
  const pins = useQuery({
    queryKey: ["pins", roomId],
    queryFn: async () => (await client.api.listPins({ params: { roomId } })).items,
    staleTime: 0,
  });
  useEffect(
    () =>
      client.on("message", (frame) => {
        if (frame.roomId !== roomId || frame.message.offset === frame.message.version) return;
        void queries.invalidateQueries({ queryKey: ["pins", roomId] });
      }),
    [client, queries, roomId],
  );
  return (
    <div className={styles.panel}>
      <div className={styles.panelHead}>
        <h2>{texts.pins}</h2>
        <CloseButton size="md" aria-label={texts.closePanel} onClick={props.onClose} />
      </div>
      {pins.data === undefined &&
        (pins.isError ? <ErrorState error={pins.error} onRetry={() => void pins.refetch()} /> : <LoadingState />)}
      {pins.data?.length === 0 && <EmptyState title={texts.noPins} hint={texts.noPinsHint} />}
      <ul className={styles.pins}>
        {pins.data?.map((message) => (
          <li key={message.messageId}>
            <PinnedMessage message={message} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PinnedMessage(props: { message: Message }) {
  const { jump } = useOpenRoom();
  const { message } = props;
  return (
    <article className={styles.pinned}>
      <div className={styles.pinnedHead}>
        <button
          type="button"
          className={styles.pinnedJump}
          aria-label={texts.jumpTo(message.author.displayName)}
          onClick={() => jump(message.messageId)}
        >
          <span className={styles.pinnedAuthor}>{message.author.displayName}</span>
          <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
            {dayName(message.createdAt, new Date())}
          </time>
        </button>
      </div>
      <MessageText text={message.message} />
    </article>
  );
}
