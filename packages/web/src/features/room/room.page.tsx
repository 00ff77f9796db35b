import { Button } from "@mantine/core";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useRoom } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { codeText } from "../../ui/error.text.ts";
import { EmptyState, LoadingState } from "../../ui/state.view.tsx";
import { uiTexts } from "../../ui/ui.texts.ts";
import { ModerationDialogs } from "../moderation/moderation.dialogs.tsx";
import { lastRoom, rememberRoom } from "../rooms/last.room.ts";
import { RoomsButton } from "../shell/rooms.button.tsx";
import { OpenRoomView } from "./open.room.tsx";
import styles from "./room.module.css";
import { roomTexts } from "./room.texts.ts";

const refused = new Set(["room.not_found", "member.banned", "auth.required", "room.guests_not_allowed"]);

/** A room by its address: its messages once they are here, or why they cannot be shown. */
export function RoomPage() {
  const { roomId } = useParams({ from: "/shell/rooms/$roomId" });
  const { message } = useSearch({ from: "/shell/rooms/$roomId" });
  const { room, snapshot } = useRoom(roomId);
  const code = snapshot.error?.code;
  const closed =
    snapshot.status === "error" && code !== undefined && (snapshot.room === undefined || refused.has(code));

  useEffect(() => {
    if (!closed) rememberRoom(roomId);
    else if (lastRoom() === roomId) rememberRoom(undefined);
  }, [closed, roomId]);

  if (closed) return <Refused code={code} message={snapshot.error?.message ?? ""} roomId={roomId} />;
  if (snapshot.room === undefined) {
    return (
      <div className={styles.room}>
        <header className={styles.header}>
          <RoomsButton />
        </header>
        <LoadingState rows={8} />
      </div>
    );
  }
  return (
    <ModerationDialogs>
      <OpenRoomView key={roomId} room={room} view={snapshot.room} snapshot={snapshot} permalink={message} />
    </ModerationDialogs>
  );
}

function Refused(props: { code: string; message: string; roomId: string }) {
  const session = useSession();
  const signIn = session.account === null || session.account.role === "guest";
  useEffect(() => {
    document.title = "Foyer";
  }, []);
  return (
    <div className={styles.room}>
      <header className={styles.header}>
        <RoomsButton />
      </header>
      <EmptyState
        full
        heading
        title={codeText(props.code, props.message)}
        action={
          signIn ? (
            <Button component={Link} to={`/sign-in?next=${encodeURIComponent(`/rooms/${props.roomId}`)}`}>
              {roomTexts.signIn}
            </Button>
          ) : (
            <Button component={Link} to="/" variant="default">
              {uiTexts.home}
            </Button>
          )
        }
      />
    </div>
  );
}
