import type { RoomView } from "@foyer/protocol";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { inOrder, sectionsOf } from "../rooms/room.order.ts";

/** Ctrl+K (or Command+K) opens the switcher; Alt with up and down walks the rooms in the order of the list. */
export function useShellKeys(rooms: readonly RoomView[] | undefined, openSwitcher: () => void): void {
  const navigate = useNavigate();
  const { roomId } = useParams({ strict: false });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openSwitcher();
        return;
      }
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      const ordered = inOrder(sectionsOf(rooms ?? [])).filter((room) => room.joined);
      const step = event.key === "ArrowUp" ? -1 : 1;
      const at = ordered.findIndex((room) => room.roomId === roomId);
      const next = ordered[at === -1 ? 0 : (at + step + ordered.length) % ordered.length];
      if (next === undefined) return;
      event.preventDefault();
      void navigate({ to: "/rooms/$roomId", params: { roomId: next.roomId } });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [rooms, roomId, navigate, openSwitcher]);
}
