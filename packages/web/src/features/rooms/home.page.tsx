import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Navigate } from "@tanstack/react-router";
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
  if (rooms.data === undefined) {
    return rooms.isError ? (
      <ErrorState full error={rooms.error} onRetry={() => void rooms.refetch()} />
    ) : (
      <LoadingState />
    );
  }
  const last = lastRoom();
  const ordered = inOrder(sectionsOf(rooms.data));
  const target = ordered.find((room) => room.roomId === last) ?? ordered.find((room) => room.joined) ?? ordered[0];
  if (target !== undefined) return <Navigate to="/rooms/$roomId" params={{ roomId: target.roomId }} replace />;
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
