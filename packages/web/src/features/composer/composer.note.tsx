import styles from "./composer.module.css";
import { composerTexts as texts } from "./composer.texts.ts";
import { waitText } from "./wait.text.ts";

interface ComposerNoteProps {
  /** Characters that are left; negative when there are too many. */
  left: number;
  limit: number;
  /** Seconds to wait; 0 when nothing holds the message back. */
  slow: number;
  slowModeSeconds: number;
}

/** The quiet line below the text: characters left near the limit, slow mode. Always as high, so that nothing moves. */
export function ComposerNote(props: ComposerNoteProps) {
  const near = props.left <= Math.max(20, props.limit / 10);
  return (
    <div className={styles.note}>
      <span>
        {props.slow > 0
          ? texts.slowMode(waitText(props.slow))
          : props.slowModeSeconds > 0 && texts.slowModeOn(waitText(props.slowModeSeconds))}
      </span>
      {near && (
        <span role="status" data-over={props.left < 0 || undefined} className={styles.counter}>
          {props.left < 0 ? texts.over(-props.left) : texts.left(props.left)}
        </span>
      )}
    </div>
  );
}
