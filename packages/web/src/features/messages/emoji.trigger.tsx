import { IconMoodPlus, IconMoodSmile } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import { IconButton } from "../../ui/icon.button.tsx";
import styles from "./message.module.css";

/** How the button looks: `small` at the end of a row of reactions, `face` without a plus in the composer. */
interface EmojiLook {
  label: string;
  small?: boolean;
  face?: boolean;
}

export interface EmojiButtonProps {
  look: EmojiLook;
  onPick: (emoji: string) => void;
  onOpen?: (open: boolean) => void;
}

/** The button alone. */
export function EmojiTrigger({
  look,
  className,
  ...rest
}: { look: EmojiLook } & Omit<ComponentPropsWithRef<"button">, "color" | "style">) {
  const small = look.small === true;
  const Sign = look.face === true ? IconMoodSmile : IconMoodPlus;
  return (
    <IconButton
      label={look.label}
      side="top"
      className={`${small ? styles.addReaction : ""} ${className ?? ""}`}
      {...rest}
    >
      <Sign size={small ? 16 : 20} stroke={1.75} />
    </IconButton>
  );
}
