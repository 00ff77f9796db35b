import { IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import { IconButton } from "../../ui/icon.button.tsx";
import { useShell } from "./shell.context.ts";
import styles from "./shell.module.css";
import { shellTexts } from "./shell.texts.ts";

/** Brings up the list of rooms where it is not shown; nothing where it is. */
export function RoomsButton() {
  const shell = useShell();
  if (shell.roomsShown) return null;
  return (
    <IconButton label={shellTexts.showRooms} className={styles.roomsButton ?? ""} onClick={shell.showRooms}>
      <IconLayoutSidebarLeftExpand size={20} stroke={1.75} />
    </IconButton>
  );
}
