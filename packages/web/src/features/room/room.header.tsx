import type { RoomSnapshot } from "@foyer/client";
import { Button } from "@mantine/core";
import { IconHash, IconLock, IconPin, IconSearch, IconUsers } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { isGuest, useSession } from "../../app/session.ts";
import { IconButton } from "../../ui/icon.button.tsx";
import { OnDemand, onDemand } from "../../ui/on.demand.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import { roomTitle } from "../rooms/room.title.ts";
import { RoomsButton } from "../shell/rooms.button.tsx";
import { HeaderMenuButton } from "./header.button.tsx";
import { useOpenRoom } from "./room.context.ts";
import type { DetailsKind } from "./room.details.tsx";
import styles from "./room.module.css";
import { roomTexts as texts } from "./room.texts.ts";

const RoomSettingsDialog = lazy(async () => ({
  default: (await import("../room-settings/room-settings.dialog.tsx")).RoomSettingsDialog,
}));
const LeaveDialog = lazy(async () => ({ default: (await import("./leave.dialog.tsx")).LeaveDialog }));

const menu = onDemand(async () => (await import("./header.menu.tsx")).HeaderMenu);

interface RoomHeaderProps {
  snapshot: RoomSnapshot;
  details: DetailsKind | undefined;
  onDetails: (kind: DetailsKind | undefined) => void;
}

/** Name and topic of the room, who is here, and the ways to its details. */
export function RoomHeader(props: RoomHeaderProps) {
  const { view } = useOpenRoom();
  const session = useSession();
  const [dialog, setDialog] = useState<"settings" | "leave">();
  const title = roomTitle(view, session.account?.accountId);
  const guest = isGuest(session);
  const counts = texts.counts(props.snapshot.presence.count, view.memberCount);
  const toggle = (kind: DetailsKind): void => props.onDetails(props.details === kind ? undefined : kind);
  return (
    <header className={styles.header}>
      <RoomsButton />
      <div className={styles.about}>
        <h1 className={styles.title}>
          {view.kind === "public" && <IconHash size={18} stroke={1.75} aria-hidden />}
          {view.kind === "private" && <IconLock size={18} stroke={1.75} aria-hidden />}
          <span>{title}</span>
          {view.archivedAt !== undefined && <span className={styles.tag}>{texts.archived}</span>}
        </h1>
        {view.topic !== "" && (
          <p className={styles.topic} title={view.topic}>
            {view.topic}
          </p>
        )}
      </div>
      {!guest && !view.joined && view.kind === "public" && view.archivedAt === undefined && <JoinButton />}
      <button
        type="button"
        className={styles.counts}
        aria-pressed={props.details === "people"}
        aria-label={`${texts.people}: ${counts}`}
        onClick={() => toggle("people")}
      >
        <IconUsers size={18} stroke={1.75} aria-hidden />
        <span className={styles.here}>{props.snapshot.presence.count}</span>
      </button>
      <div className={styles.wide}>
        <IconButton label={texts.pins} aria-pressed={props.details === "pins"} onClick={() => toggle("pins")}>
          <IconPin size={18} stroke={1.75} />
        </IconButton>
        {!guest && (
          <IconButton
            label={texts.search}
            renderRoot={(root) => <Link to="/search" search={{ roomId: view.roomId }} {...root} />}
          >
            <IconSearch size={18} stroke={1.75} />
          </IconButton>
        )}
      </div>
      <OnDemand
        popup="menu"
        fetch={menu.fetch}
        trigger={(trigger) => <HeaderMenuButton view={view} guest={guest} {...trigger} />}
      >
        <menu.View guest={guest} onPins={() => toggle("pins")} onDialog={setDialog} />
      </OnDemand>
      <Suspense fallback={null}>
        {dialog === "settings" && <RoomSettingsDialog room={view} opened onClose={() => setDialog(undefined)} />}
        {dialog === "leave" && <LeaveDialog title={title} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </header>
  );
}

function JoinButton() {
  const client = useClient();
  const queries = useQueryClient();
  const { view } = useOpenRoom();
  const [busy, setBusy] = useState(false);
  const join = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.api.joinRoom({ params: { roomId: view.roomId } });
      await queries.invalidateQueries({ queryKey: ["rooms"] });
    } catch (error) {
      sayError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="xs" loading={busy} onClick={() => void join()}>
      {texts.join}
    </Button>
  );
}
