import type { RoomView } from "@foyer/protocol";
import { IconArchive, IconHash, IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useClient, useRoomSnapshot } from "../../app/client.context.tsx";
import { useSession } from "../../app/session.ts";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import styles from "./room.nav.module.css";
import { othersIn, roomTitle } from "./room.title.ts";
import { roomsTexts } from "./rooms.texts.ts";

/** Unread and mention counts of a room: live where the room is open, else as last asked for. */
function useCounts(room: RoomView): { unread: number; mentions: number; online: (accountId: string) => boolean } {
  const client = useClient();
  const snapshot = useRoomSnapshot(client.room(room.roomId));
  const live = snapshot.room !== undefined && (snapshot.status === "live" || snapshot.status === "stale");
  const here = snapshot.presence.accounts;
  return {
    unread: live ? snapshot.unread : room.unread,
    mentions: live ? snapshot.mentions : room.mentions,
    online: (accountId) => live && here?.some((person) => person.accountId === accountId) === true,
  };
}

/** One room in the list: its sign, its name, and what is unread in it. */
export function RoomItem(props: { room: RoomView; live: boolean }) {
  const { room } = props;
  const accountId = useSession().account?.accountId;
  const counts = useCounts(room);
  const unread = room.joined && counts.unread > 0;
  const mentions = room.joined ? (room.kind === "direct" ? counts.unread : counts.mentions) : 0;
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId: room.roomId }}
      className={styles.item}
      data-unread={unread || undefined}
      data-muted={room.archivedAt !== undefined || undefined}
      activeProps={{ "aria-current": "page" }}
      activeOptions={{ includeSearch: false }}
    >
      <RoomSign room={room} accountId={accountId} online={counts.online} />
      <span className={styles.name}>{roomTitle(room, accountId)}</span>
      {props.live && (
        <span className={styles.live}>
          <span className="visually-hidden">, {roomsTexts.live}</span>
        </span>
      )}
      {room.kind === "private" && <span className="visually-hidden">, {roomsTexts.private}</span>}
      {room.archivedAt !== undefined && <span className="visually-hidden">, {roomsTexts.archived}</span>}
      {mentions > 0 ? (
        <span className={styles.badge}>
          <span aria-hidden>{roomsTexts.badge(mentions)}</span>
          <span className="visually-hidden">
            , {room.kind === "direct" ? roomsTexts.unread(mentions) : roomsTexts.mentions(mentions)}
          </span>
        </span>
      ) : (
        unread && (
          <span className={styles.dot}>
            <span className="visually-hidden">, {roomsTexts.unread(counts.unread)}</span>
          </span>
        )
      )}
    </Link>
  );
}

function RoomSign(props: { room: RoomView; accountId: string | undefined; online: (accountId: string) => boolean }) {
  const { room } = props;
  if (room.kind === "direct") {
    const person = othersIn(room, props.accountId)[0] ?? room.people[0];
    if (person !== undefined) return <PersonAvatar person={person} size={22} online={props.online(person.accountId)} />;
  }
  const Sign = room.archivedAt !== undefined ? IconArchive : room.kind === "private" ? IconLock : IconHash;
  return <Sign className={styles.sign} size={18} stroke={1.75} aria-hidden />;
}
