import type { RoomView } from "@foyer/protocol";

/** Whether one may write in a room, or what stands in the way. `seconds`: until it lapses. */
export type WriteState =
  | { may: true }
  | { may: false; why: "archived" | "muted" | "guest" | "none" }
  | { may: false; why: "timedOut"; seconds: number };

/** Works out what stands in the way of writing, from what the server told about the room. `now` in milliseconds. */
export function writeState(view: RoomView, guest: boolean, now: number): WriteState {
  if (view.archivedAt !== undefined) return { may: false, why: "archived" };
  if (view.mutedUntil === null) return { may: false, why: "muted" };
  if (view.mutedUntil !== undefined) {
    const seconds = (Date.parse(view.mutedUntil) - now) / 1_000;
    // A lapsed sanction may still stand in a view that was loaded before; the server has the last word.
    if (seconds > 0) return { may: false, why: "timedOut", seconds };
    return { may: true };
  }
  if (view.rights.write) return { may: true };
  return { may: false, why: guest ? "guest" : "none" };
}
