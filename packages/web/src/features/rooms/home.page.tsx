import type { RoomView } from "@foyer/protocol";
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { FoyerMark } from "../../ui/foyer.mark.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { useShell } from "../shell/shell.context.ts";
import { shellTexts } from "../shell/shell.texts.ts";
import { lastRoom } from "./last.room.ts";
import { inOrder, sectionsOf } from "./room.order.ts";
import { useRooms } from "./rooms.query.ts";
import { roomsTexts } from "./rooms.texts.ts";

/** Leads to the room that was open last, else to general, else to the first there is. */
export function HomePage() {
  const rooms = useRooms();
  const shell = useShell();
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const target = rooms.data === undefined ? undefined : startOf(rooms.data);
  useWayTo(target?.roomId);
  if (rooms.data === undefined) {
    return rooms.isError ? (
      <ErrorState full error={rooms.error} onRetry={() => void rooms.refetch()} />
    ) : (
      <LoadingState />
    );
  }
  if (target !== undefined) return <LoadingState />;
  return (
    <EmptyState
      full
      heading
      icon={<FoyerMark size={40} />}
      title={roomsTexts.none}
      hint={roomsTexts.noneHint}
      action={
        phone ? (
          <Button variant="default" onClick={shell.showRooms}>
            {shellTexts.showRooms}
          </Button>
        ) : undefined
      }
    />
  );
}

function startOf(rooms: readonly RoomView[]): RoomView | undefined {
  const last = lastRoom();
  const ordered = inOrder(sectionsOf(rooms));
  return ordered.find((room) => room.roomId === last) ?? ordered.find((room) => room.joined) ?? ordered[0];
}

/**
 * Leads to a room, unless somebody is on their way elsewhere: this page stays until the next one is loaded, and is drawn
 * anew meanwhile.
 */
function useWayTo(roomId: string | undefined): void {
  const navigate = useNavigate();
  const isHere = useLocation({ select: ({ pathname }) => pathname === "/" });
  useEffect(() => {
    if (!isHere || roomId === undefined) return;
    void navigate({ to: "/rooms/$roomId", params: { roomId }, replace: true });
  }, [isHere, roomId, navigate]);
}
