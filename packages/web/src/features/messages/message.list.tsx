import type { RoomSnapshot } from "@foyer/client";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useOpenRoom } from "../room/room.context.ts";
import { JumpPill } from "./jump.pill.tsx";
import styles from "./list.module.css";
import { ListStart } from "./list.start.tsx";
import { MessageItem } from "./message.item.tsx";
import type { MessageRow } from "./message.rows.ts";
import { messagesTexts as texts } from "./messages.texts.ts";
import { useRoving } from "./roving.focus.ts";
import { useWindowOfRows } from "./row.window.ts";

const edge = 800;
const nearBottom = 32;
const settleMs = 900;

/** A place to go to. A new object goes there again. */
export interface JumpTarget {
  messageId: string;
}

interface MessageListProps {
  snapshot: RoomSnapshot;
  rows: readonly MessageRow[];
  removing: ReadonlySet<string>;
  target: JumpTarget | undefined;
  /** Where the reader is: at the newest message or not. */
  onBottom: (atBottom: boolean) => void;
}

/**
 * The virtualized list. At the bottom it stays there whatever grows; elsewhere it keeps its place whatever is loaded
 * above. Older and newer messages are asked for some screens before they are reached.
 */
export function MessageList(props: MessageListProps) {
  const { snapshot, target, onBottom } = props;
  const { room } = useOpenRoom();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const stuck = useRef(target === undefined);
  const lastOffset = useRef(0);
  const arrived = useRef<JumpTarget | undefined>(undefined);
  // Where a jump went, for as long as what is around it may still be measured or loaded.
  const settling = useRef<{ key: string; until: number } | undefined>(undefined);
  // True from the reader's own hand on the list until the list next moves by itself.
  const handled = useRef(false);
  const [atBottom, setAtBottom] = useState(target === undefined);
  const [highlight, setHighlight] = useState<string>();
  const { rows, shift, windowId, setSettled } = useWindowOfRows(props.rows);
  const roving = useRoving(rows, list);
  const { hasNewer, hasOlder, loadingNewer, loadingOlder, status } = snapshot;
  const waiting = target !== undefined && arrived.current !== target;

  const report = useCallback(
    (bottom: boolean) => {
      setAtBottom(bottom);
      onBottom(bottom);
    },
    [onBottom],
  );

  const toEnd = useCallback(() => {
    handled.current = false;
    list.current?.scrollToIndex(rows.length - 1, { align: "end" });
    // What was measured may not be laid out yet, and the browser cuts the way off at the old end: look again after it is.
    requestAnimationFrame(() => {
      const box = scroller.current;
      if (box === null || !stuck.current || handled.current) return;
      if (box.scrollHeight - box.scrollTop - box.clientHeight > 1) box.scrollTop = box.scrollHeight;
    });
  }, [rows.length]);

  const loadAround = useCallback(() => {
    const handle = list.current;
    if (handle === null || status !== "live") return;
    const below = handle.scrollSize - handle.scrollOffset - handle.viewportSize;
    if (handle.scrollOffset < edge && hasOlder && !loadingOlder) room.loadOlder().catch(() => undefined);
    if (below < edge && hasNewer && !loadingNewer) room.loadNewer().catch(() => undefined);
  }, [hasNewer, hasOlder, loadingNewer, loadingOlder, room, status]);

  const onScroll = useCallback(
    (offset: number) => {
      setSettled(true);
      const box = scroller.current;
      const handle = list.current;
      if (box === null || handle === null) return;
      // Asked of both: the list's idea of its height lags when the composer grows or shrinks, and the element's lags
      // while older messages come in above.
      const measured = box.scrollHeight - box.scrollTop - box.clientHeight;
      const below = Math.max(measured, handle.scrollSize - offset - handle.viewportSize);
      const bottom = below < nearBottom && !hasNewer;
      const jumping = settling.current !== undefined && performance.now() < settling.current.until;
      // Only the reader's own way up lets go of the bottom: growth, and corrections while rows are measured, must not.
      if (bottom && !jumping) stuck.current = true;
      else if (handled.current && offset < lastOffset.current - 2) stuck.current = false;
      lastOffset.current = offset;
      // Rows that came into view are measured only now: with what they grew by, the end lies further on.
      if (stuck.current && !bottom && !hasNewer && !handled.current) {
        requestAnimationFrame(() => {
          // Whoever took the wheel since then decides where it goes.
          if (!handled.current) toEnd();
        });
      }
      report(bottom || (stuck.current && !hasNewer));
      loadAround();
    },
    [hasNewer, loadAround, report, setSettled, toEnd],
  );

  // A new window begins at its end, unless somebody asked for a message in it.
  useLayoutEffect(() => {
    if (windowId > 0 && target !== undefined && arrived.current !== target) return;
    stuck.current = true;
  }, [windowId, target]);

  useLayoutEffect(() => {
    if (target !== undefined && arrived.current !== target) {
      const index = rows.findIndex((row) => row.message?.messageId === target.messageId);
      if (index === -1) return;
      arrived.current = target;
      stuck.current = false;
      const key = rows[index]?.key ?? "";
      settling.current = { key, until: performance.now() + settleMs };
      list.current?.scrollToIndex(index, { align: "center" });
      setHighlight(key);
      return;
    }
    if (stuck.current && !hasNewer) toEnd();
  }, [rows, target, hasNewer, toEnd]);

  useEffect(() => {
    if (highlight === undefined) return undefined;
    const timer = setTimeout(() => setHighlight(undefined), 2_600);
    return () => clearTimeout(timer);
  }, [highlight]);

  // A short page may not fill the window; a finished one may leave the reader within reach of the next. Asked only once
  // the place has been put right: two pages in one breath would replace what is being read.
  useEffect(() => {
    if (waiting || rows.length === 0) return undefined;
    const timer = setTimeout(loadAround, 120);
    return () => clearTimeout(timer);
  }, [rows, waiting, loadAround]);

  const onResize = useCallback(() => {
    setSettled(false);
    const jump = settling.current;
    if (jump !== undefined && performance.now() < jump.until) {
      const index = rows.findIndex((row) => row.key === jump.key);
      if (index !== -1) list.current?.scrollToIndex(index, { align: "center" });
    } else if (stuck.current && !hasNewer) toEnd();
  }, [rows, hasNewer, setSettled, toEnd]);

  // From the first touch on the place is the reader's own.
  const unsettle = (): void => {
    settling.current = undefined;
    handled.current = true;
  };

  const latest = (): void => {
    settling.current = undefined;
    stuck.current = true;
    if (!hasNewer) toEnd();
    else room.jumpToLatest().catch(() => undefined);
    report(!hasNewer);
  };

  // Permalinks of this server open here instead of in a new window.
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const url = new URL(link.href, location.href);
    const roomId = /^\/rooms\/([a-z0-9-]+)$/.exec(url.pathname)?.[1];
    if (url.origin !== location.origin || roomId === undefined) return;
    event.preventDefault();
    const message = url.searchParams.get("message");
    void navigate({ to: "/rooms/$roomId", params: { roomId }, search: message === null ? {} : { message } });
  };

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        data-scroller
        onClick={onClick}
        onWheel={unsettle}
        onTouchMove={unsettle}
        onPointerDown={unsettle}
        onKeyDownCapture={unsettle}
        {...roving.handlers}
      >
        <div className={styles.fill} />
        <Virtualizer
          key={windowId}
          ref={list}
          scrollRef={scroller}
          shift={shift}
          as="ol"
          item="li"
          data={rows}
          keepMounted={roving.mounted}
          onScroll={onScroll}
          onResize={onResize}
          bufferSize={600}
        >
          {(row, index) => (
            <Fragment key={row.key}>
              {index === 0 && !hasOlder && <ListStart />}
              <MessageItem
                row={row}
                reachable={index === roving.index}
                highlighted={row.key === highlight}
                removing={row.message !== undefined && props.removing.has(row.message.messageId)}
              />
            </Fragment>
          )}
        </Virtualizer>
      </div>
      {!atBottom && rows.length > 0 && (
        <JumpPill
          unread={snapshot.unread}
          label={snapshot.unread > 0 ? texts.newMessages(snapshot.unread) : texts.jumpLatest}
          onJump={latest}
        />
      )}
    </div>
  );
}
