import { Select } from "@mantine/core";
import { useSession } from "../../app/session.ts";
import { inOrder, sectionsOf } from "../rooms/room.order.ts";
import { roomTitle } from "../rooms/room.title.ts";
import { useRooms } from "../rooms/rooms.query.ts";
import { searchTexts as t } from "./search.texts.ts";

/** Narrows a search to one room. */
export function RoomFilter(props: { value: string | undefined; onChange: (roomId: string | undefined) => void }) {
  const rooms = useRooms();
  const own = useSession().account?.accountId;
  const data = inOrder(sectionsOf(rooms.data ?? [])).map((room) => ({
    value: room.roomId,
    label: roomTitle(room, own),
  }));
  return (
    <Select
      label={t.room}
      placeholder={t.anyRoom}
      data={data}
      searchable
      clearable
      limit={200}
      value={props.value ?? null}
      onChange={(roomId) => props.onChange(roomId ?? undefined)}
    />
  );
}
