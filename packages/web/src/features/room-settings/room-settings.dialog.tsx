import type { RoomView } from "@foyer/protocol";
import { Tabs } from "@mantine/core";
import { DialogFrame } from "../../ui/dialog.frame.tsx";
import { EmptyState } from "../../ui/state.view.tsx";
import { InviteList } from "../invites/invite.list.tsx";
import { BanList } from "../moderation/ban.list.tsx";
import { RoomClosing } from "./room.closing.tsx";
import { RoomForm } from "./room.form.tsx";
import styles from "./room-settings.module.css";
import { roomSettingsTexts as t } from "./room-settings.texts.ts";

/** Settings of a room: what it is like, who may come in by a link, who is kept out. Shows what the rights allow. */
export function RoomSettingsDialog(props: { room: RoomView; opened: boolean; onClose: () => void }) {
  const { room } = props;
  return (
    <DialogFrame title={t.title(room.name)} opened={props.opened} onClose={props.onClose} size={560} tall>
      <RoomSettings room={room} onClose={props.onClose} />
    </DialogFrame>
  );
}

function RoomSettings({ room, onClose }: { room: RoomView; onClose: () => void }) {
  const { manage, moderate } = room.rights;
  if (room.kind === "direct" || (!manage && !moderate)) return <EmptyState title={t.nothing} hint={t.nothingHint} />;
  return (
    <Tabs defaultValue={manage ? "general" : "invites"} keepMounted={false} className={styles.tabs}>
      <Tabs.List aria-label={t.tabs.label}>
        {manage && <Tabs.Tab value="general">{t.tabs.general}</Tabs.Tab>}
        {moderate && <Tabs.Tab value="invites">{t.tabs.invites}</Tabs.Tab>}
        {moderate && <Tabs.Tab value="bans">{t.tabs.bans}</Tabs.Tab>}
      </Tabs.List>
      {manage && (
        <Tabs.Panel value="general" pt="md">
          <RoomForm key={room.roomId} room={room} />
          <RoomClosing room={room} onClose={onClose} />
        </Tabs.Panel>
      )}
      {moderate && (
        <Tabs.Panel value="invites" pt="md">
          <InviteList roomId={room.roomId} />
        </Tabs.Panel>
      )}
      {moderate && (
        <Tabs.Panel value="bans" pt="md">
          <p className={styles.lead}>{t.bans.lead}</p>
          <BanList roomId={room.roomId} label={t.bans.list} empty={t.bans.empty} />
        </Tabs.Panel>
      )}
    </Tabs>
  );
}
