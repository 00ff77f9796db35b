import { errorText } from "./error.text.ts";
import styles from "./form.module.css";

/** What went wrong with a whole form. Says nothing when single fields tell it already. */
export function FormProblem(props: { error: unknown; fields?: Record<string, unknown> }) {
  if (!props.error || Object.keys(props.fields ?? {}).length > 0) return null;
  return (
    <p role="alert" className={styles.problem}>
      {errorText(props.error)}
    </p>
  );
}
