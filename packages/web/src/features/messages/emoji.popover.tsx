import { Popover } from "@mantine/core";
import { useEffect, useState } from "react";
import { EmojiPickerPanel } from "./emoji.picker.tsx";
import { type EmojiButtonProps, EmojiTrigger } from "./emoji.trigger.tsx";
import styles from "./message.module.css";

/** The emoji picker with its button, opened from the start. */
export function EmojiPopover(props: EmojiButtonProps) {
  const { onOpen, onPick } = props;
  const [opened, setOpened] = useState(true);
  useEffect(() => {
    onOpen?.(opened);
    return () => onOpen?.(false);
  }, [opened, onOpen]);
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="top-end" withinPortal radius="lg">
      <Popover.Target>
        <EmojiTrigger look={props.look} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown p={0} className={styles.picker ?? ""}>
        <EmojiPickerPanel
          onPick={(emoji) => {
            setOpened(false);
            onPick(emoji);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
