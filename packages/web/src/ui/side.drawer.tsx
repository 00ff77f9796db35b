import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./side.module.css";

interface SideDrawerProps {
  side: "left" | "right";
  label: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A column that does not fit beside the page: it slides in over it from its side. */
export function SideDrawer(props: SideDrawerProps) {
  return (
    <Drawer.Root
      opened={props.opened}
      onClose={props.onClose}
      // Mantine listens on the window and would close the drawer with every dialog and menu that lies over it.
      closeOnEscape={false}
      onKeyDown={(event) => {
        const inside = event.target instanceof Node && event.currentTarget.contains(event.target);
        if (event.key === "Escape" && inside && !event.defaultPrevented) props.onClose();
      }}
      position={props.side}
      padding={0}
      size="min(328px, 88vw)"
    >
      <Drawer.Overlay />
      {/* Takes the focus itself while what it holds is still loading. */}
      <Drawer.Content aria-label={props.label} tabIndex={-1} className={styles.content ?? ""}>
        <Drawer.Body className={styles.body ?? ""}>{props.children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
