import { templateVariables } from "@foyer/protocol/constants";
import { ActionIcon, Input, Menu, Textarea, TextInput } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { type ReactNode, type RefObject, useId, useRef } from "react";
import styles from "./templates.module.css";
import { templatesTexts as t } from "./templates.texts.ts";
import { insertAt } from "./text.insert.ts";

interface TextFieldProps {
  label: string;
  value: string;
  error?: ReactNode;
  /** Discord's size, in UTF-16 units; undefined: an address, which is not counted. */
  most?: number;
  lines?: boolean;
  /** Where it stands in the form, for focus on errors. */
  path: string;
  onChange: (value: string) => void;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** A text of a template: with a counter against Discord's size, and a menu that inserts variables at the cursor. */
export function TemplateTextField({ label, value, error, most, lines = false, path, onChange }: TextFieldProps) {
  const id = useId();
  const field = useRef<Field>(null);
  const selection = useRef({ start: value.length, end: value.length });
  const remember = () => {
    const { selectionStart, selectionEnd } = field.current ?? {};
    selection.current = { start: selectionStart ?? value.length, end: selectionEnd ?? value.length };
  };
  const insert = (name: string) => {
    const { text, cursor } = insertAt(value, selection.current, `{${name}}`);
    onChange(text);
    selection.current = { start: cursor, end: cursor };
    // After the menu has given the focus back, and the new text is in the field.
    setTimeout(() => {
      field.current?.focus();
      field.current?.setSelectionRange(cursor, cursor);
    }, 50);
  };
  const shared = {
    id,
    value,
    error,
    "data-path": path,
    spellCheck: lines || most !== undefined,
    autoComplete: "off",
    onBlur: remember,
    onSelect: remember,
    onChange: (event: { currentTarget: Field }) => onChange(event.currentTarget.value),
  };
  return (
    <div>
      <div className={styles.fieldHead}>
        <Input.Label htmlFor={id}>{label}</Input.Label>
        {most !== undefined && (
          <span className={styles.counter} data-over={value.length > most || undefined}>
            {t.count(value.length, most)}
          </span>
        )}
        <VariableMenu label={label} onChoose={insert} />
      </div>
      {lines ? (
        <Textarea {...shared} ref={field as RefObject<HTMLTextAreaElement>} autosize minRows={2} maxRows={12} />
      ) : (
        <TextInput {...shared} ref={field as RefObject<HTMLInputElement>} />
      )}
    </div>
  );
}

function VariableMenu({ label, onChoose }: { label: string; onChoose: (name: string) => void }) {
  return (
    <Menu position="bottom-end" width={320} returnFocus={false}>
      <Menu.Target>
        <ActionIcon size="var(--f-target)" aria-label={t.insertInto(label)} title={t.insert}>
          <IconBraces size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={styles.variables ?? ""}>
        {templateVariables.map((name) => (
          <Menu.Item key={name} onClick={() => onChoose(name)}>
            <code className={styles.variable}>{`{${name}}`}</code>
            <span className={styles.meaning}>{t.variables[name]}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
