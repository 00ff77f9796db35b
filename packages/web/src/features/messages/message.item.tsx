import type { Message } from "@foyer/protocol";
import { IconCornerUpRight, IconPin } from "@tabler/icons-react";
import { memo, Suspense, useState } from "react";
import { onDemand } from "../../ui/on.demand.tsx";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import dividers from "./dividers.module.css";
import { useLongPress } from "./long.press.ts";
import { LongText } from "./long.text.tsx";
import styles from "./message.module.css";
import type { MessageRow } from "./message.rows.ts";
import { dayName, fullTime, shortTime, timeOfDay } from "./message.time.ts";
import { messagesTexts as texts } from "./messages.texts.ts";
import { PendingNote } from "./pending.note.tsx";
import { ReactionBar } from "./reaction.bar.tsx";

const actions = onDemand(async () => (await import("./message.actions.tsx")).MessageActions);

interface MessageItemProps {
  row: MessageRow;
  /** In the tab order: exactly one line of the list is. */
  reachable: boolean;
  highlighted: boolean;
  /** Waits for its deletion, which can still be undone. */
  removing: boolean;
}

/** One line of the list: separators above it, author and time where a group begins, text, reactions and what can be done. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { row } = props;
  const { self } = useOpenRoom();
  const [hot, setHot] = useState<"over" | "inside">();
  const [menu, setMenu] = useState(false);
  const press = useLongPress(() => setMenu(true));
  const message = row.message;
  const gone = props.removing || message?.deletedAt !== undefined;
  const mentions = message?.mentions;
  const mine = self !== undefined && (mentions?.room === true || mentions?.accounts.includes(self.accountId) === true);
  return (
    <>
      {row.day && (
        <div className={dividers.day}>
          <span>{dayName(row.createdAt, new Date())}</span>
        </div>
      )}
      {row.divider && (
        <div className={dividers.divider}>
          <span>{texts.unread}</span>
        </div>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrows walk from message to message */}
      <article
        className={styles.message}
        tabIndex={props.reachable ? 0 : -1}
        data-row={row.key}
        data-head={row.head || undefined}
        data-mine={(mine && !gone) || undefined}
        data-highlight={props.highlighted || undefined}
        data-pending={row.pending?.state}
        data-menu={menu || undefined}
        data-bar={hot}
        aria-label={texts.sentBy(row.author.displayName, fullTime(row.createdAt))}
        onPointerEnter={(event) => event.pointerType === "mouse" && setHot(roomAbove(event.currentTarget))}
        onPointerLeave={() => setHot(undefined)}
        onFocus={(event) => setHot(roomAbove(event.currentTarget))}
        onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setHot(undefined)}
        {...(message !== undefined && !gone ? press : {})}
      >
        {message?.replyTo !== undefined && !gone && <ReplyLine message={message} />}
        <div className={styles.gutter}>
          {row.head ? (
            <PersonAvatar person={row.author} />
          ) : (
            <time className={styles.quietTime} dateTime={row.createdAt} aria-hidden>
              {shortTime(row.createdAt)}
            </time>
          )}
        </div>
        <div className={styles.body}>
          {row.head && (
            <div className={styles.headline}>
              <span className={styles.author} title={`@${row.author.handle}`}>
                {row.author.displayName}
              </span>
              <time className={styles.time} dateTime={row.createdAt} title={fullTime(row.createdAt)}>
                {timeOfDay(row.createdAt)}
              </time>
              {message?.pinnedAt !== undefined && !gone && (
                <span className={styles.pin}>
                  <IconPin size={13} stroke={1.75} aria-hidden /> {texts.pinned}
                </span>
              )}
            </div>
          )}
          {gone ? (
            <p className={styles.tombstone}>{texts.deleted}</p>
          ) : (
            <>
              <LongText id={row.key} text={message?.message ?? row.pending?.text ?? ""} />
              {message?.editedAt !== undefined && (
                <span className={styles.edited} title={texts.editedAt(fullTime(message.editedAt))}>
                  ({texts.edited})
                </span>
              )}
              {message !== undefined && message.reactions.length > 0 && <ReactionBar message={message} />}
            </>
          )}
          {row.pending !== undefined && <PendingNote pending={row.pending} />}
        </div>
        {message !== undefined && !props.removing && (hot !== undefined || menu) && (
          <Suspense fallback={null}>
            <actions.View message={message} menu={menu} onMenu={setMenu} />
          </Suspense>
        )}
      </article>
    </>
  );
});

/** Whether the bar may stand over the message's upper edge, or must stay inside because that is at the list's own. */
function roomAbove(message: HTMLElement): "over" | "inside" {
  const list = message.closest("[data-scroller]")?.getBoundingClientRect().top ?? 0;
  return message.getBoundingClientRect().top - list > 16 ? "over" : "inside";
}

function ReplyLine(props: { message: Message }) {
  const { jump } = useOpenRoom();
  const reply = props.message.replyTo;
  if (reply === undefined) return null;
  return (
    <button type="button" className={styles.reply} onClick={() => jump(reply.messageId)}>
      <IconCornerUpRight size={14} stroke={1.75} aria-hidden className={styles.replySign} />
      <span className="visually-hidden">{texts.replyTo(reply.author.displayName)}: </span>
      <PersonAvatar person={reply.author} size={16} />
      <span className={styles.replyName} aria-hidden>
        {reply.author.displayName}
      </span>
      <span className={styles.replyText}>{reply.excerpt === "" ? texts.replyDeleted : reply.excerpt}</span>
    </button>
  );
}
