import { Button, Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { errorText } from "./error.text.ts";
import styles from "./state.module.css";
import { uiTexts } from "./ui.texts.ts";

interface EmptyProps {
  title: string;
  hint?: string;
  icon?: ReactNode;
  action?: ReactNode;
  /** Fills the height of what it stands in. */
  full?: boolean;
  /** The title is the page's heading. */
  heading?: boolean;
}

/** What a view shows when there is nothing to show. */
export function EmptyState(props: EmptyProps) {
  return (
    <div className={`${styles.state} ${props.full === true ? styles.full : ""}`}>
      {props.icon}
      {props.heading === true ? (
        <h1 className={styles.title}>{props.title}</h1>
      ) : (
        <div className={styles.title}>{props.title}</div>
      )}
      {props.hint !== undefined && <div className={styles.hint}>{props.hint}</div>}
      {props.action !== undefined && <div className={styles.action}>{props.action}</div>}
    </div>
  );
}

/** What a view shows when its data could not be had: what happened, and a way to try again. */
export function ErrorState(props: { error: unknown; onRetry?: () => void; full?: boolean }) {
  return (
    <div role="alert" className={`${styles.state} ${props.full === true ? styles.full : ""}`}>
      <div className={styles.title}>{errorText(props.error)}</div>
      {props.onRetry !== undefined && (
        <Button variant="default" className={styles.action ?? ""} onClick={props.onRetry}>
          {uiTexts.retry}
        </Button>
      )}
    </div>
  );
}

/** Children after 300 ms, nothing before: what loads quickly never flickers. */
export function Delayed(props: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return shown ? props.children : null;
}

/** Lines of a skeleton, uneven as those of a text. */
const widths = [88, 65, 78, 52, 84, 61, 73, 47];

/** Skeleton of a list, after 300 ms. `rows` is how many lines of it, at most eight. */
export function LoadingState(props: { rows?: number }) {
  return (
    <div role="status" aria-label={uiTexts.loading}>
      <Delayed>
        <div className={styles.skeleton} aria-hidden>
          {widths.slice(0, props.rows ?? 4).map((width) => (
            <Skeleton key={width} height={14} radius="sm" width={`${width}%`} />
          ))}
        </div>
      </Delayed>
    </div>
  );
}
