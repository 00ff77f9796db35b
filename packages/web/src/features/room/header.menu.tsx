import { Menu } from "@mantine/core";
import { IconDoorExit, IconPin, IconSearch, IconSettings } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { HeaderMenuButton, mayLeave } from "./header.button.tsx";
import { useOpenRoom } from "./room.context.ts";
import styles from "./room.module.css";
import { roomTexts as texts } from "./room.texts.ts";

interface HeaderMenuProps {
  guest: boolean;
  onPins: () => void;
  onDialog: (dialog: "settings" | "leave") => void;
}

/** What else can be done with the room, opened from the start: on a phone also what the header has no room for. */
export function HeaderMenu(props: HeaderMenuProps) {
  const { view } = useOpenRoom();
  const navigate = useNavigate();
  const search = (): void => void navigate({ to: "/search", search: { roomId: view.roomId } });
  return (
    <Menu defaultOpened position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <HeaderMenuButton view={view} guest={props.guest} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          className={styles.narrow ?? ""}
          leftSection={<IconPin size={16} aria-hidden />}
          onClick={props.onPins}
        >
          {texts.pins}
        </Menu.Item>
        {!props.guest && (
          <Menu.Item
            className={styles.narrow ?? ""}
            leftSection={<IconSearch size={16} aria-hidden />}
            onClick={search}
          >
            {texts.search}
          </Menu.Item>
        )}
        {(view.rights.manage || view.rights.moderate) && (
          <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={() => props.onDialog("settings")}>
            {texts.settings}
          </Menu.Item>
        )}
        {mayLeave(view, props.guest) && (
          <Menu.Item leftSection={<IconDoorExit size={16} aria-hidden />} onClick={() => props.onDialog("leave")}>
            {texts.leave}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
