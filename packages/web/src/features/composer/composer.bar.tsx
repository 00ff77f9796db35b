import { CloseButton } from "@mantine/core";
import styles from "./composer.module.css";
import type { ComposerMode } from "./composer.state.ts";
import { composerTexts as texts } from "./composer.texts.ts";

/** Says above the text what it answers or edits, with a way out. */
export function ComposerBar(props: { mode: Exclude<ComposerMode, { kind: "new" }>; onCancel: () => void }) {
  const { mode } = props;
  return (
    <div className={styles.bar}>
      <span className={styles.barTitle}>
        {mode.kind === "edit" ? texts.editing : texts.replying(mode.message.author.displayName)}
      </span>
      <span className={styles.barText}>{mode.message.message}</span>
      <CloseButton size="sm" aria-label={texts.cancel} className={styles.barClose ?? ""} onClick={props.onCancel} />
    </div>
  );
}
