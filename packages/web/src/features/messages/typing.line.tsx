import type { Profile } from "@foyer/protocol";
import { messagesTexts } from "./messages.texts.ts";
import styles from "./typing.module.css";

/** Who is writing, on a line that is always there, so that the composer never moves. */
export function TypingLine(props: { typing: readonly Profile[] }) {
  return (
    <div className={styles.line} data-on={props.typing.length > 0 || undefined}>
      <span className={styles.dots} aria-hidden />
      <span className={styles.words}>{typingText(props.typing)}</span>
    </div>
  );
}

/** Words for one, two or more who write; nothing for nobody. */
export function typingText(typing: readonly Profile[]): string {
  const [first, second] = typing;
  if (first === undefined) return "";
  if (second === undefined) return messagesTexts.typing.one(first.displayName);
  if (typing.length === 2) return messagesTexts.typing.two(first.displayName, second.displayName);
  return messagesTexts.typing.many;
}
