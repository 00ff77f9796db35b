import type { RoomSnapshot } from "@foyer/client";
import type { RoomView } from "@foyer/protocol";
import { useEffect, useState } from "react";

/**
 * Seconds until slow mode lets the next message through; 0 when it may go now. Counted from one's own newest message
 * as the server dated it, or from a refusal that said how long to wait.
 */
export function useSlowMode(view: RoomView, snapshot: RoomSnapshot, self: string | undefined): number {
  const seconds = view.rights.moderate ? 0 : view.slowModeSeconds;
  const last = seconds === 0 ? undefined : snapshot.messages.findLast((message) => message.author.accountId === self);
  const until = last === undefined ? 0 : Date.parse(last.createdAt) + seconds * 1_000;
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, Math.min(seconds, Math.ceil((until - now) / 1_000)));
  useEffect(() => {
    if (until === 0) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
