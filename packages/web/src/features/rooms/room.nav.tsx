import type { RoomView } from "@foyer/protocol";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown, IconLayoutSidebarLeftCollapse, IconPlus, IconSearch } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useId, useState } from "react";
import { isGuest, useSession } from "../../app/session.ts";
import { FoyerMark } from "../../ui/foyer.mark.tsx";
import { IconButton } from "../../ui/icon.button.tsx";
import { EmptyState, ErrorState, LoadingState } from "../../ui/state.view.tsx";
import { useRoomsWithLive } from "../live/live.query.ts";
import { AccountMenu } from "../shell/account.menu.tsx";
import { shellTexts } from "../shell/shell.texts.ts";
import { RoomItem } from "./room.item.tsx";
import styles from "./room.nav.module.css";
import { sectionsOf } from "./room.order.ts";
import { useRooms } from "./rooms.query.ts";
import { roomsTexts } from "./rooms.texts.ts";

const CreateRoomDialog = lazy(async () => ({ default: (await import("./create.dialog.tsx")).CreateRoomDialog }));

/** The list of rooms with the account below it: the left column, or the drawer of a phone. */
export function RoomNav(props: { onFold: () => void }) {
  const session = useSession();
  const [creating, setCreating] = useState<"room" | "direct">();
  const guest = isGuest(session);
  return (
    <div className={styles.nav}>
      <div className={styles.head}>
        <Link to="/" className={styles.brand}>
          <FoyerMark size={22} />
          {shellTexts.product}
        </Link>
        {!guest && (
          <IconButton label={shellTexts.search} renderRoot={(root) => <Link to="/search" {...root} />}>
            <IconSearch size={18} stroke={1.75} />
          </IconButton>
        )}
        <IconButton label={shellTexts.hideRooms} onClick={props.onFold}>
          <IconLayoutSidebarLeftCollapse size={18} stroke={1.75} />
        </IconButton>
      </div>
      <div className={styles.list}>
        <RoomList onCreate={guest ? undefined : setCreating} />
      </div>
      <AccountMenu />
      {creating !== undefined && (
        <Suspense fallback={null}>
          <CreateRoomDialog start={creating} onClose={() => setCreating(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

function RoomList(props: { onCreate: ((what: "room" | "direct") => void) | undefined }) {
  const rooms = useRooms();
  const live = useRoomsWithLive();
  if (rooms.data === undefined) {
    return rooms.isError ? (
      <ErrorState error={rooms.error} onRetry={() => void rooms.refetch()} />
    ) : (
      <LoadingState rows={6} />
    );
  }
  const sections = sectionsOf(rooms.data);
  const create = props.onCreate;
  return (
    <>
      {rooms.data.length === 0 && <EmptyState title={roomsTexts.none} hint={roomsTexts.noneHint} />}
      <Section
        id="rooms"
        title={roomsTexts.sections.rooms}
        rooms={sections.rooms}
        live={live}
        create={create === undefined ? undefined : { label: roomsTexts.createRoom, run: () => create("room") }}
      />
      <Section
        id="direct"
        title={roomsTexts.sections.direct}
        rooms={sections.direct}
        create={create === undefined ? undefined : { label: roomsTexts.createDirect, run: () => create("direct") }}
      />
      <Section
        id="joinable"
        title={create === undefined ? roomsTexts.sections.rooms : roomsTexts.sections.joinable}
        rooms={sections.joinable}
        live={live}
      />
    </>
  );
}

interface SectionProps {
  /** Name under which this device remembers whether it is folded. */
  id: string;
  title: string;
  rooms: readonly RoomView[];
  /** Those of them in which somebody is live. */
  live?: ReadonlySet<string>;
  create?: { label: string; run: () => void } | undefined;
}

function Section(props: SectionProps) {
  const heading = useId();
  const list = useId();
  const { roomId } = useParams({ strict: false });
  const [folded, setFolded] = useLocalStorage({
    key: `foyer.folded.${props.id}`,
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  if (props.rooms.length === 0 && props.create === undefined) return null;
  // A folded section still shows what wants to be seen: the open room, and those with something unread.
  const shown = folded
    ? props.rooms.filter((room) => room.roomId === roomId || (room.joined && room.unread > 0))
    : props.rooms;
  return (
    <section aria-labelledby={heading}>
      <div className={styles.section}>
        <h2 className={styles.heading} id={heading}>
          {props.rooms.length > 0 ? (
            <button
              type="button"
              className={styles.fold}
              aria-expanded={!folded}
              aria-controls={list}
              onClick={() => setFolded(!folded)}
            >
              {props.title}
              <IconChevronDown size={14} stroke={2} aria-hidden className={styles.chevron} />
            </button>
          ) : (
            <span className={styles.fold}>{props.title}</span>
          )}
        </h2>
        {props.create !== undefined && (
          <IconButton size="sm" label={props.create.label} onClick={props.create.run} className={styles.create ?? ""}>
            <IconPlus size={16} stroke={1.75} />
          </IconButton>
        )}
      </div>
      {props.rooms.length > 0 && (
        <ul className={styles.items} id={list}>
          {shown.map((room) => (
            <li key={room.roomId}>
              <RoomItem room={room} live={props.live?.has(room.roomId) === true} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
