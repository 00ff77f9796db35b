import { IconCheck, IconEye, IconPencil, IconSend2 } from "@tabler/icons-react";
import { IconButton } from "../../ui/icon.button.tsx";
import { EmojiButton } from "../messages/emoji.button.tsx";
import styles from "./composer.module.css";
import { composerTexts as texts } from "./composer.texts.ts";

interface ComposerToolsProps {
  editing: boolean;
  preview: boolean;
  sendable: boolean;
  onPreview: () => void;
  onEmoji: (emoji: string) => void;
  onSend: () => void;
}

/** Buttons beside the text: preview, emoji, send. */
export function ComposerTools(props: ComposerToolsProps) {
  const previewLabel = props.preview ? texts.write : texts.preview;
  const sendLabel = props.editing ? texts.save : texts.send;
  return (
    <div className={styles.tools}>
      <IconButton side="top" label={previewLabel} aria-pressed={props.preview} onClick={props.onPreview}>
        {props.preview ? <IconPencil size={20} stroke={1.75} /> : <IconEye size={20} stroke={1.75} />}
      </IconButton>
      {!props.preview && <EmojiButton look={{ label: texts.emoji, face: true }} onPick={props.onEmoji} />}
      <IconButton
        variant={props.sendable ? "filled" : "subtle"}
        color={props.sendable ? "brass" : "gray"}
        side="top"
        label={sendLabel}
        // Not `disabled`: the focus would fall out of the button the moment a message is sent with it.
        aria-disabled={!props.sendable}
        onMouseDown={(event) => event.preventDefault()}
        onClick={props.onSend}
      >
        {props.editing ? <IconCheck size={20} stroke={1.75} /> : <IconSend2 size={20} stroke={1.75} />}
      </IconButton>
    </div>
  );
}
