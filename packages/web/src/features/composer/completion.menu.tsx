import { useEffect, useRef } from "react";
import { PersonAvatar } from "../../ui/person.avatar.tsx";
import type { Completion } from "./completion.source.ts";
import styles from "./composer.module.css";

interface CompletionMenuProps {
  id: string;
  label: string;
  items: readonly Completion[];
  active: number;
  onHover: (index: number) => void;
  onPick: (item: Completion) => void;
}

/** The list over the composer. Focus stays in the text; the field points here by aria-activedescendant. */
export function CompletionMenu(props: CompletionMenuProps) {
  const current = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line being active is what moves the list
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [props.active]);
  return (
    <div className={styles.completion} role="listbox" id={props.id} aria-label={props.label}>
      {props.items.map((item, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are handled by the text field
        <div
          key={item.key}
          ref={index === props.active ? current : undefined}
          id={`${props.id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === props.active}
          className={styles.option}
          onMouseMove={() => props.onHover(index)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.onPick(item)}
        >
          {item.person !== undefined && <PersonAvatar person={item.person} size={24} />}
          {item.emoji !== undefined && <span className={styles.optionEmoji}>{item.emoji}</span>}
          <span className={styles.optionLabel}>{item.label}</span>
          {item.hint !== undefined && <span className={styles.optionHint}>{item.hint}</span>}
        </div>
      ))}
    </div>
  );
}
