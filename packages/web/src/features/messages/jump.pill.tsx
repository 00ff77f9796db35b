import { IconArrowDown } from "@tabler/icons-react";
import styles from "./list.module.css";

/** Floats over the end of the list while the reader is elsewhere: how much is new, and the way there. */
export function JumpPill(props: { unread: number; label: string; onJump: () => void }) {
  return (
    <button type="button" className={styles.pill} data-unread={props.unread > 0 || undefined} onClick={props.onJump}>
      <IconArrowDown size={16} stroke={2} aria-hidden />
      <span className="tabular">{props.label}</span>
    </button>
  );
}
