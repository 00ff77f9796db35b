import { Alert } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { FoyerMark } from "../../ui/foyer.mark.tsx";
import styles from "./auth.module.css";

/** The quiet page around a form of signing in or up: mark, title, a lead, the form, and a way elsewhere below. */
export function AuthFrame(props: { title: string; lead?: string; children: ReactNode; below?: ReactNode }) {
  useEffect(() => {
    document.title = `${props.title} · Foyer`;
  }, [props.title]);
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <div className={styles.mark}>
          <FoyerMark size={44} />
        </div>
        <h1 className={styles.title}>{props.title}</h1>
        {props.lead !== undefined && <p className={styles.lead}>{props.lead}</p>}
        {props.children}
        {props.below !== undefined && <div className={styles.below}>{props.below}</div>}
      </div>
    </main>
  );
}

/** The line over a form that says why it was refused; takes the focus, so that it is heard. */
export function FormAlert(props: { text: string | undefined }) {
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.text !== undefined) alert.current?.focus();
  }, [props.text]);
  if (props.text === undefined) return null;
  return (
    <Alert ref={alert} tabIndex={-1} color="red" variant="light" role="alert">
      {props.text}
    </Alert>
  );
}
