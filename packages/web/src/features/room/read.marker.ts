import type { RoomHandle, RoomSnapshot } from "@foyer/client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

const settleMs = 250;

function subscribeToAttention(listener: () => void): () => void {
  const events = ["focus", "blur"] as const;
  for (const event of events) addEventListener(event, listener);
  document.addEventListener("visibilitychange", listener);
  return () => {
    for (const event of events) removeEventListener(event, listener);
    document.removeEventListener("visibilitychange", listener);
  };
}

/** True while the window is in front and has the focus: somebody can be reading. */
export function useAttention(): boolean {
  return useSyncExternalStore(
    subscribeToAttention,
    () => document.visibilityState === "visible" && document.hasFocus(),
  );
}

interface ReadMarkerInput {
  room: RoomHandle;
  snapshot: RoomSnapshot;
  atBottom: boolean;
  signedIn: boolean;
}

/** Marks the room read while its newest message is in sight of somebody who looks. */
export function useReadMarker(input: ReadMarkerInput): void {
  const { room, snapshot, atBottom, signedIn } = input;
  const attention = useAttention();
  const newest = snapshot.hasNewer ? undefined : snapshot.messages.at(-1)?.offset;
  const due = signedIn && attention && atBottom && snapshot.status === "live" && snapshot.room?.joined === true;
  const behind = newest !== undefined && newest > snapshot.readOffset;
  useEffect(() => {
    if (!due || !behind || newest === undefined) return undefined;
    const timer = setTimeout(() => void room.markRead(newest).catch(() => undefined), settleMs);
    return () => clearTimeout(timer);
  }, [due, behind, newest, room]);
}

/**
 * Offset after which the divider of new messages stands. It is set when the room opens with something unread, and when
 * something comes in while nobody looks; it stays until the reader writes or leaves.
 */
export function useDivider(snapshot: RoomSnapshot, atBottom: boolean): number | undefined {
  const attention = useAttention();
  const [divider, setDivider] = useState<number | undefined>(() =>
    snapshot.unread > 0 ? snapshot.readOffset : undefined,
  );
  const watched = useRef(attention && atBottom);
  const unreadBefore = useRef(snapshot.unread);
  const sending = snapshot.pending.length > 0;
  useEffect(() => {
    if (sending) setDivider(undefined);
  }, [sending]);
  useEffect(() => {
    const looked = watched.current;
    watched.current = attention && atBottom;
    const began = unreadBefore.current === 0 && snapshot.unread > 0;
    unreadBefore.current = snapshot.unread;
    if (began && !(looked && attention && atBottom)) setDivider(snapshot.readOffset);
  }, [attention, atBottom, snapshot.unread, snapshot.readOffset]);
  return divider;
}
