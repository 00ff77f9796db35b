import { ActionIcon, type ActionIconProps } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./icon.button.module.css";

interface IconButtonProps extends ActionIconProps, Omit<ComponentPropsWithRef<"button">, keyof ActionIconProps> {
  /** What it does: its name, and the words that show up beside it. */
  label: string;
  /** Side on which the words show up. */
  side?: "top" | "bottom";
  /** Renders another element than a button, such as a link, with the props of the button. */
  renderRoot?: (props: Record<string, unknown>) => ReactNode;
}

/** A button with a sign only. Its words appear on hover and focus, by CSS alone. */
export function IconButton({ label, side, className, ...rest }: IconButtonProps) {
  return (
    <ActionIcon
      aria-label={label}
      data-tip={label}
      data-side={side ?? "bottom"}
      className={`${styles.button} ${className ?? ""}`}
      {...rest}
    />
  );
}
