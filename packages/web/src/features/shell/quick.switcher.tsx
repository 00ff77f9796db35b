import type { RoomView } from "@foyer/protocol";
import { Modal, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { useSession } from "../../app/session.ts";
import { byRecency } from "../rooms/room.order.ts";
import { roomTitle } from "../rooms/room.title.ts";
import { roomsTexts } from "../rooms/rooms.texts.ts";
import { shellTexts } from "./shell.texts.ts";
import styles from "./switcher.module.css";

const most = 12;

/** Finds a room by a part of its name; without one shows those with news, then the latest. */
export function QuickSwitcher(props: { rooms: readonly RoomView[]; onClose: () => void }) {
  const accountId = useSession().account?.accountId;
  const navigate = useNavigate();
  const list = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const found = findRooms(props.rooms, query, accountId);
  const texts = shellTexts.switcher;

  function open(room: RoomView | undefined): void {
    if (room === undefined) return;
    props.onClose();
    void navigate({ to: "/rooms/$roomId", params: { roomId: room.roomId } });
  }

  function onKey(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setActive((active + step + found.length) % found.length);
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing) open(found[active]);
  }

  return (
    <Modal opened onClose={props.onClose} title={texts.title} size="md" padding="md" yOffset="12vh" centered={false}>
      <TextInput
        data-autofocus
        placeholder={texts.placeholder}
        aria-label={texts.placeholder}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={found[active] === undefined ? undefined : `${list}-${active}`}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      {/* Focus stays in the field; the list follows by aria-activedescendant. */}
      <div role="listbox" id={list} aria-label={shellTexts.rooms} className={styles.list}>
        {found.map((room, index) => (
          <div
            key={room.roomId}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.option}
            onMouseMove={() => setActive(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => open(room)}
            onKeyDown={onKey}
          >
            <span className={styles.name}>{roomTitle(room, accountId)}</span>
            {room.unread > 0 && room.joined && <span className={styles.unread}>{roomsTexts.unread(room.unread)}</span>}
          </div>
        ))}
      </div>
      <p className={styles.hint} role="status">
        {found.length === 0 ? texts.none(query) : texts.hint}
      </p>
    </Modal>
  );
}

/** Rooms whose title holds the query, those that begin with it first; at most twelve. */
function findRooms(rooms: readonly RoomView[], query: string, accountId: string | undefined): RoomView[] {
  const wanted = query.trim().toLocaleLowerCase();
  const place = (room: RoomView): number => roomTitle(room, accountId).toLocaleLowerCase().indexOf(wanted);
  const order = (room: RoomView): number =>
    wanted === "" ? -Math.sign(room.mentions) * 2 - Math.sign(room.unread) : Math.min(place(room), 1);
  return rooms
    .filter((room) => place(room) !== -1)
    .sort((a, b) => order(a) - order(b) || Number(b.joined) - Number(a.joined) || byRecency(a, b))
    .slice(0, most);
}
