import type { RoomView } from "@foyer/protocol";
import { IconDots } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import { IconButton } from "../../ui/icon.button.tsx";
import styles from "./room.module.css";
import { roomTexts as texts } from "./room.texts.ts";

interface HeaderMenuButtonProps extends Omit<ComponentPropsWithRef<"button">, "color" | "style"> {
  view: RoomView;
  guest: boolean;
}

/** True when the menu holds more than what a narrow header has no room for. */
function hasMore(view: RoomView, guest: boolean): boolean {
  return view.rights.manage || view.rights.moderate || mayLeave(view, guest);
}

/** Conversations stay; everything else that one is in can be left. */
export function mayLeave(view: RoomView, guest: boolean): boolean {
  return view.joined && view.kind !== "direct" && !guest;
}

/** The button with three dots. Where the menu would be empty on a wide window, it is there on a narrow one only. */
export function HeaderMenuButton({ view, guest, className, ...rest }: HeaderMenuButtonProps) {
  return (
    <IconButton
      label={texts.more}
      className={`${hasMore(view, guest) ? "" : styles.narrow} ${className ?? ""}`}
      {...rest}
    >
      <IconDots size={18} stroke={1.75} />
    </IconButton>
  );
}
