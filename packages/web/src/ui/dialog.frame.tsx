import { Modal, type ModalProps } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import styles from "./dialog.module.css";
import { focusFirst, useFocusMemory } from "./focus.memory.tsx";
import { uiTexts } from "./ui.texts.ts";

/** After the focus trap has let go. */
const returnMs = 30;

interface DialogProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: ModalProps["size"];
  /** Takes the whole screen of a phone. */
  tall?: boolean;
  /** Only a button inside closes it: for what is shown once. */
  held?: boolean;
  children: ReactNode;
}

/** A dialog as all of them look. Focus goes in, stays in, and returns to where it came from. */
export function DialogFrame(props: DialogProps) {
  useFocusBack(props.opened);
  const phone = useMediaQuery("(max-width: 48em)") === true;
  return (
    <Modal
      title={props.title}
      opened={props.opened}
      onClose={props.onClose}
      size={props.size ?? 440}
      withCloseButton={props.held !== true}
      closeOnClickOutside={props.held !== true}
      closeOnEscape={props.held !== true}
      fullScreen={phone && props.tall === true}
      closeButtonProps={{ "aria-label": uiTexts.close }}
      classNames={{
        content: styles.content ?? "",
        header: styles.header ?? "",
        title: styles.title ?? "",
        body: styles.body ?? "",
        overlay: styles.overlay ?? "",
      }}
    >
      {props.children}
    </Modal>
  );
}

/** Buttons at the foot of a dialog: the act last, where the eye ends; full width on a phone. */
export function DialogActions(props: { children: ReactNode }) {
  return <div className={styles.actions}>{props.children}</div>;
}

/** Brings the focus back where it was before, also when the dialog is taken away while it is open. */
function useFocusBack(opened: boolean): void {
  const memory = useFocusMemory();
  useEffect(() => {
    if (!opened) return;
    const origin = memory?.current ?? [];
    return () => {
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost) focusFirst(origin);
      }, returnMs);
    };
  }, [opened, memory]);
}
