import type { RoomHandle, RoomSnapshot } from "@foyer/client";
import type { Message, RoomView } from "@foyer/protocol";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "../../app/session.ts";
import { EmptyState, LoadingState } from "../../ui/state.view.tsx";
import { deferWithUndo, say } from "../../ui/undo.toast.tsx";
import { Composer, type ComposerHandle } from "../composer/composer.view.tsx";
import { LiveStrip } from "../live/live.strip.tsx";
import { Announcer } from "../messages/announcer.tsx";
import { ReaderContext } from "../messages/mention.mark.tsx";
import { type JumpTarget, MessageList } from "../messages/message.list.tsx";
import { rowsOf } from "../messages/message.rows.ts";
import { messagesTexts } from "../messages/messages.texts.ts";
import { TypingLine } from "../messages/typing.line.tsx";
import { useDivider, useReadMarker } from "./read.marker.ts";
import { type OpenRoom, OpenRoomContext } from "./room.context.ts";
import { type DetailsKind, RoomDetails } from "./room.details.tsx";
import { RoomHeader } from "./room.header.tsx";
import styles from "./room.module.css";
import { usePeople } from "./room.people.ts";
import { useRoomTitle } from "./room.tab.ts";
import { roomTexts } from "./room.texts.ts";

interface OpenRoomProps {
  room: RoomHandle;
  view: RoomView;
  snapshot: RoomSnapshot;
  /** Message that the address points at. */
  permalink: string | undefined;
}

/** A room that may be read: header, messages, typing line, composer, and details on demand. */
export function OpenRoomView(props: OpenRoomProps) {
  const { room, view, snapshot } = props;
  const self = useSession().account ?? undefined;
  const composer = useRef<ComposerHandle>(null);
  const [details, setDetails] = useState<DetailsKind>();
  const [removing, setRemoving] = useState<ReadonlySet<string>>(new Set());
  const [target, setTarget] = useState<JumpTarget | undefined>(
    props.permalink === undefined ? undefined : { messageId: props.permalink },
  );
  const [atBottom, setAtBottom] = useState(props.permalink === undefined);
  const [unfolded] = useState(() => new Set<string>());
  const nameOf = usePeople(snapshot, self);
  const divider = useDivider(snapshot, atBottom);

  useRoomTitle(view);
  useReadMarker({ room, snapshot, atBottom, signedIn: self !== undefined });

  const jump = useCallback(
    (messageId: string) => {
      setTarget({ messageId });
      room.jumpTo(messageId).catch(() => {
        setTarget(undefined);
        say(roomTexts.gone);
      });
    },
    [room],
  );

  const ready = snapshot.status === "live" || snapshot.status === "stale";
  useEffect(() => {
    if (props.permalink !== undefined && ready) jump(props.permalink);
  }, [props.permalink, ready, jump]);

  const remove = useCallback(
    (messageId: string) => {
      const without = (ids: ReadonlySet<string>): ReadonlySet<string> =>
        new Set([...ids].filter((id) => id !== messageId));
      setRemoving((ids) => new Set([...ids, messageId]));
      deferWithUndo({
        message: messagesTexts.removing,
        commit: async () => {
          await room.remove(messageId);
          setRemoving(without);
        },
        restore: () => setRemoving(without),
      });
    },
    [room],
  );

  const open = useMemo<OpenRoom>(
    () => ({
      room,
      view,
      self,
      nameOf,
      unfolded,
      jump,
      remove,
      reply: (message: Message) => composer.current?.reply(message),
      edit: (message: Message) => composer.current?.edit(message),
      rewrite: (pending) => {
        room.discard(pending.clientId);
        composer.current?.write(pending.text);
      },
      focusComposer: () => composer.current?.focus(),
    }),
    [room, view, self, nameOf, unfolded, jump, remove],
  );

  const rows = useMemo(
    () =>
      rowsOf({
        messages: snapshot.messages,
        pending: snapshot.hasNewer ? [] : snapshot.pending,
        self,
        dividerAfter: divider,
      }),
    [snapshot.messages, snapshot.pending, snapshot.hasNewer, self, divider],
  );

  const lastOwn = (): Message | undefined =>
    snapshot.messages.findLast(
      (message) => message.author.accountId === self?.accountId && message.deletedAt === undefined,
    );

  return (
    <OpenRoomContext value={open}>
      <ReaderContext value={self?.handle}>
        <div className={styles.columns}>
          <section className={styles.room} aria-label={view.name || undefined}>
            <RoomHeader snapshot={snapshot} details={details} onDetails={setDetails} />
            <LiveStrip roomId={view.roomId} />
            {rows.length === 0 ? (
              <div className={styles.empty}>
                {snapshot.status === "loading" ? (
                  <LoadingState rows={8} />
                ) : (
                  <EmptyState
                    full
                    title={messagesTexts.empty}
                    {...(view.rights.write ? { hint: messagesTexts.emptyHint } : {})}
                  />
                )}
              </div>
            ) : (
              <MessageList snapshot={snapshot} rows={rows} removing={removing} target={target} onBottom={setAtBottom} />
            )}
            <Announcer messages={snapshot.messages} self={self?.accountId} />
            <TypingLine typing={snapshot.typing} />
            <Composer ref={composer} snapshot={snapshot} lastOwn={lastOwn} />
          </section>
          <RoomDetails kind={details} onClose={() => setDetails(undefined)} />
        </div>
      </ReaderContext>
    </OpenRoomContext>
  );
}
