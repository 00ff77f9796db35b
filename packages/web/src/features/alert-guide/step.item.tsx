import { Badge } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import styles from "./guide.module.css";
import type { GuideState } from "./guide.steps.ts";
import { guideTexts as t } from "./guide.texts.ts";

interface StepItemProps {
  number: number;
  state: GuideState;
  isNext: boolean;
  open: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** One step: its name with a mark, and what is to be done when it is open. */
export function GuideStepItem({ number, state, isNext, open, onToggle, children }: StepItemProps) {
  const id = useId();
  const { step, done, optional } = state;
  return (
    <li className={styles.item} data-open={open || undefined}>
      <h3 className={styles.heading}>
        <button type="button" className={styles.toggle} aria-expanded={open} aria-controls={id} onClick={onToggle}>
          <span className={styles.mark} data-done={done || undefined} data-next={isNext || undefined} aria-hidden>
            {done ? <IconCheck size={16} stroke={2.5} /> : number}
          </span>
          <span className={styles.name}>{t.steps[step]}</span>
          {done && <span className="visually-hidden">{t.done}</span>}
          {isNext && <Badge variant="light">{t.next}</Badge>}
          {optional && (
            <Badge variant="light" color="gray">
              {t.optional}
            </Badge>
          )}
          <IconChevronDown size={16} className={styles.chevron} aria-hidden />
        </button>
      </h3>
      <div id={id} className={styles.body} hidden={!open}>
        {open && children}
      </div>
    </li>
  );
}
