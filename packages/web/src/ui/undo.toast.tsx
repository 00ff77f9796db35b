import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { errorText } from "./error.text.ts";
import { uiTexts } from "./ui.texts.ts";
import styles from "./undo.module.css";

const undoMs = 6_000;

/** Says in a toast what was done. */
export function say(message: string): void {
  notifications.show({ message, withBorder: true, autoClose: undoMs, classNames: toast, closeButtonProps });
}

/** Says in a toast what went wrong. */
export function sayError(error: unknown): void {
  notifications.show({
    message: errorText(error),
    color: "red",
    withBorder: true,
    autoClose: 10_000,
    classNames: toast,
    closeButtonProps,
  });
}

/** For acts that can be turned round: says what was done, and offers `undo` for six seconds. Failures are told. */
export function offerUndo(act: { message: string; undo: () => Promise<unknown> }): void {
  const id = showWithUndo(act.message, () => {
    notifications.hide(id);
    act.undo().catch(sayError);
  });
}

/**
 * For acts that cannot be turned round: waits six seconds, in which `restore` can be asked for, and only then runs
 * `commit`. Leaving the page commits at once. When `commit` fails, it is told and `restore` is called.
 */
export function deferWithUndo(act: { message: string; commit: () => Promise<unknown>; restore: () => void }): void {
  let settled = false;
  const commit = () => {
    if (settled) return;
    settled = true;
    window.removeEventListener("pagehide", commit);
    act.commit().catch((error: unknown) => {
      sayError(error);
      act.restore();
    });
  };
  const undo = () => {
    if (settled) return;
    settled = true;
    window.removeEventListener("pagehide", commit);
    notifications.hide(id);
    act.restore();
  };
  window.addEventListener("pagehide", commit);
  const id = showWithUndo(act.message, undo, commit);
}

const toast = { root: styles.toast ?? "", description: styles.words ?? "" };
const closeButtonProps = { "aria-label": uiTexts.close };

function showWithUndo(message: string, undo: () => void, onClose?: () => void): string {
  return notifications.show({
    message: (
      <span className={styles.row}>
        <span>{message}</span>
        <Button variant="subtle" size="compact-sm" onClick={undo}>
          {uiTexts.undo}
        </Button>
      </span>
    ),
    withBorder: true,
    autoClose: undoMs,
    classNames: toast,
    closeButtonProps,
    ...(onClose ? { onClose } : {}),
  });
}
