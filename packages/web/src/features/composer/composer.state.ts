import type { Message } from "@foyer/protocol";
import { useCallback, useRef, useState } from "react";
import { loadDraft, saveDraft } from "./draft.store.ts";

/** What the composer is about besides its text. */
export type ComposerMode = { kind: "new" } | { kind: "reply"; message: Message } | { kind: "edit"; message: Message };

/** Text and mode of a room's composer. The draft is kept through edits, room changes and reloads of the tab. */
export function useComposerState(roomId: string) {
  const [text, setTextState] = useState(() => loadDraft(roomId));
  const [mode, setMode] = useState<ComposerMode>({ kind: "new" });
  const editing = useRef(false);

  const setText = useCallback(
    (next: string) => {
      setTextState(next);
      // What is typed while editing belongs to the edited message, not to the draft.
      if (!editing.current) saveDraft(roomId, next);
    },
    [roomId],
  );

  const reply = useCallback(
    (message: Message) => {
      if (editing.current) setTextState(loadDraft(roomId));
      editing.current = false;
      setMode({ kind: "reply", message });
    },
    [roomId],
  );

  const edit = useCallback((message: Message) => {
    editing.current = true;
    setTextState(message.message);
    setMode({ kind: "edit", message });
  }, []);

  /** Leaves answering or editing; the draft comes back. */
  const reset = useCallback(() => {
    if (editing.current) setTextState(loadDraft(roomId));
    editing.current = false;
    setMode({ kind: "new" });
  }, [roomId]);

  return { text, setText, mode, reply, edit, reset };
}
