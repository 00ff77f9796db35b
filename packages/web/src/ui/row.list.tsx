import type { ReactNode } from "react";
import styles from "./row.module.css";

/** A bordered list of things that one has: `label` names it for screen readers. */
export function RowList(props: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-label={props.label}>
      {props.children}
    </ul>
  );
}

interface RowProps {
  icon?: ReactNode;
  title: ReactNode;
  /** What is to be said about it, smaller, below. */
  note?: ReactNode;
  /** Buttons; below the text on a phone. */
  actions?: ReactNode;
}

/** One thing in a `RowList`. */
export function Row(props: RowProps) {
  return (
    <li className={styles.row} data-acts={props.actions ? true : undefined}>
      {props.icon}
      <div className={styles.text}>
        <div className={styles.title}>{props.title}</div>
        {props.note !== undefined && <div className={styles.note}>{props.note}</div>}
      </div>
      {props.actions && <div className={styles.actions}>{props.actions}</div>}
    </li>
  );
}
