import type { ReactNode } from "react";
import { createContext, use } from "react";
import styles from "./markdown.module.css";

/** Handle of the reader, so that mentions of oneself stand out. */
export const ReaderContext = createContext<string | undefined>(undefined);

/** A mention in a text. Of oneself or of the whole room it stands out more. */
export function MentionMark(props: { handle: string; children: ReactNode }) {
  const reader = use(ReaderContext);
  const self = props.handle === "room" || (reader !== undefined && props.handle === reader);
  return (
    <span className={styles.mention} data-self={self || undefined}>
      {props.children}
    </span>
  );
}
