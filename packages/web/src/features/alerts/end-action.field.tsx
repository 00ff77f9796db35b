import type { EndAction } from "@foyer/protocol";
import { NativeSelect } from "@mantine/core";
import { choiceTexts as t } from "./choice.texts.ts";

const actions = ["recap", "delete", "keep"] as const;

interface EndActionFieldProps {
  /** Null: whatever the server does. */
  value: EndAction | null;
  /** Whether null can be chosen. */
  inherit?: boolean;
  onChange: (value: EndAction | null) => void;
}

/** What becomes of an alert when the stream is over. */
export function EndActionField({ value, inherit = false, onChange }: EndActionFieldProps) {
  const choices = inherit ? (["inherit", ...actions] as const) : actions;
  return (
    <NativeSelect
      label={t.endAction}
      data={choices.map((choice) => ({ value: choice, label: t.endActions[choice] }))}
      value={value ?? "inherit"}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChange(chosen === "inherit" ? null : (chosen as EndAction));
      }}
    />
  );
}
