import type { RoomSnapshot } from "@foyer/client";
import type { Message } from "@foyer/protocol";
import { defaultLimits } from "@foyer/protocol/constants";
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useClient, useConnection } from "../../app/client.context.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import { MessageText } from "../messages/message.text.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import { roomTitle } from "../rooms/room.title.ts";
import { useCompletionField } from "./completion.field.ts";
import { CompletionMenu } from "./completion.menu.tsx";
import { ComposerBar } from "./composer.bar.tsx";
import styles from "./composer.module.css";
import { ComposerNote } from "./composer.note.tsx";
import { useComposerState } from "./composer.state.ts";
import { composerTexts as texts } from "./composer.texts.ts";
import { ComposerTools } from "./composer.tools.tsx";
import type { ComposerHandle } from "./composer.view.tsx";
import { useSlowMode } from "./slow.mode.ts";

interface ComposerFormProps {
  ref: Ref<ComposerHandle>;
  snapshot: RoomSnapshot;
  lastOwn: () => Message | undefined;
}

/** The composer of somebody who may write. */
export function ComposerForm(props: ComposerFormProps) {
  const client = useClient();
  const { room, view, self } = useOpenRoom();
  const limit = useConnection().hello?.limits.messageCharacters ?? defaultLimits.messageCharacters;
  const { text, setText, mode, reply, edit, reset } = useComposerState(room.roomId);
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [preview, setPreview] = useState(false);
  const slow = useSlowMode(view, props.snapshot, self?.accountId);
  const completion = useCompletionField({ field, text, setText, snapshot: props.snapshot });
  const left = limit === 0 ? Number.POSITIVE_INFINITY : limit - text.trim().length;
  const waiting = slow > 0 && mode.kind !== "edit";
  const sendable = text.trim() !== "" && left >= 0 && !waiting;

  const focus = (): void => field.current?.focus();
  useImperativeHandle(props.ref, () => ({
    focus,
    write: (before) => {
      setText(text.trim() === "" ? before : `${before}\n${text}`);
      setPreview(false);
      setTimeout(focus, 0);
    },
    reply: (message) => {
      reply(message);
      setPreview(false);
      // Menus give the focus back when they close; the composer takes it after that.
      setTimeout(focus, 60);
    },
    edit: (message) => {
      edit(message);
      setPreview(false);
      setTimeout(focus, 60);
    },
  }));

  // With a keyboard one writes at once; on a touch screen the keyboard would cover what one came to read.
  useEffect(() => {
    if (matchMedia("(hover: hover) and (pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  // As high as its text, up to a third of the window; then it scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text, and the field comes back after a preview
  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text, preview]);

  function submit(): void {
    if (!sendable) return;
    const message = text.trim();
    setPreview(false);
    if (mode.kind === "edit") {
      const { messageId, message: before } = mode.message;
      reset();
      if (message !== before) room.edit(messageId, message).catch(sayError);
      focus();
      return;
    }
    setText("");
    const options = mode.kind === "reply" ? { replyTo: mode.message.messageId } : {};
    if (mode.kind === "reply") reset();
    if (props.snapshot.hasNewer) room.jumpToLatest().catch(() => undefined);
    // A refusal shows at the message itself, with a way on.
    room.send(message, options).catch(() => undefined);
    if (client.connection.status !== "online") client.retryNow();
    focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.nativeEvent.isComposing) return;
    if (completion.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && mode.kind !== "new") {
      event.preventDefault();
      reset();
    } else if (event.key === "ArrowUp" && text === "" && mode.kind === "new" && !event.altKey) {
      const own = props.lastOwn();
      if (own === undefined) return;
      event.preventDefault();
      edit(own);
    }
  }

  return (
    <div className={styles.composer}>
      {completion.items.length > 0 && (
        <CompletionMenu
          id={list}
          label={completion.kind === "emoji" ? texts.emojis : texts.people}
          items={completion.items}
          active={completion.active}
          onHover={completion.setActive}
          onPick={completion.pick}
        />
      )}
      <div className={styles.box}>
        {mode.kind !== "new" && <ComposerBar mode={mode} onCancel={reset} />}
        <div className={styles.row}>
          {preview ? (
            <div className={styles.preview} role="region" aria-label={texts.previewLabel}>
              {text.trim() === "" ? (
                <span className={styles.note}>{texts.previewEmpty}</span>
              ) : (
                <MessageText text={text.trim()} />
              )}
            </div>
          ) : (
            <textarea
              ref={field}
              rows={1}
              className={styles.field}
              value={text}
              placeholder={texts.placeholder(roomTitle(view, self?.accountId))}
              aria-label={texts.field}
              aria-autocomplete="list"
              aria-controls={completion.items.length > 0 ? list : undefined}
              aria-activedescendant={completion.items.length > 0 ? `${list}-${completion.active}` : undefined}
              enterKeyHint="send"
              autoComplete="off"
              onChange={(event) => {
                completion.onInput(event.currentTarget.value, event.currentTarget.selectionStart);
                if (mode.kind !== "edit" && event.currentTarget.value.trim() !== "") room.typing();
              }}
              onSelect={(event) => completion.onCaret(event.currentTarget.selectionStart)}
              onBlur={completion.close}
              onKeyDown={onKeyDown}
            />
          )}
          <ComposerTools
            editing={mode.kind === "edit"}
            preview={preview}
            sendable={sendable}
            onPreview={() => {
              setPreview(!preview);
              if (preview) setTimeout(focus, 0);
            }}
            onEmoji={completion.insert}
            onSend={submit}
          />
        </div>
      </div>
      <ComposerNote left={left} limit={limit} slow={waiting ? slow : 0} slowModeSeconds={view.slowModeSeconds} />
    </div>
  );
}
