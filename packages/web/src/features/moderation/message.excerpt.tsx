import { When } from "../../ui/when.text.tsx";
import styles from "./moderation.module.css";

/** A message quoted as plain text, at most some lines of it. */
export function MessageExcerpt(props: { author: string; text: string; at?: string }) {
  return (
    <blockquote className={styles.excerpt}>
      <div className={styles.excerptHead}>
        <span className={styles.excerptAuthor}>{props.author}</span>
        {props.at !== undefined && <When at={props.at} />}
      </div>
      <div className={styles.excerptText}>{props.text}</div>
    </blockquote>
  );
}
