import type { RoomSnapshot } from "@foyer/client";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";
import { completionAt, replaceRange, shortcodeAt } from "./completion.parse.ts";
import { type Completion, useCompletions } from "./completion.source.ts";
import { composerTexts } from "./composer.texts.ts";
import type { NamedEmoji } from "./emoji.source.ts";

interface FieldInput {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  setText: (text: string) => void;
  snapshot: RoomSnapshot;
}

/** Completion at the caret of the composer: what is offered, which is chosen, and what keys and clicks do. */
export function useCompletionField(input: FieldInput) {
  const { field, text, setText } = input;
  const queries = useQueryClient();
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const moveTo = useRef<number | undefined>(undefined);
  const token = open ? completionAt(text, Math.min(caret, text.length)) : undefined;
  const items = useCompletions(token, input.snapshot, composerTexts.everybody);
  const at = Math.min(active, Math.max(0, items.length - 1));

  // The caret can only be put behind an insertion once React has written the text.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the new text that the caret waits for
  useLayoutEffect(() => {
    if (moveTo.current === undefined) return;
    field.current?.setSelectionRange(moveTo.current, moveTo.current);
    setCaret(moveTo.current);
    moveTo.current = undefined;
  }, [field, text]);

  function put(range: { start: number; end: number }, insert: string, base = text): void {
    const next = replaceRange(base, range, insert);
    moveTo.current = next.caret;
    setText(next.text);
  }

  function pick(item: Completion): void {
    if (token === undefined) return;
    put(token, item.insert);
    setOpen(false);
    field.current?.focus();
  }

  function onInput(next: string, position: number): void {
    setCaret(position);
    setActive(0);
    setOpen(true);
    const finished = shortcodeAt(next, position);
    const known = queries.getQueryData<NamedEmoji[]>(["emoji-names"]);
    const match = finished === undefined ? undefined : known?.find((item) => item.name === finished.name);
    if (finished !== undefined && match !== undefined) put(finished, match.emoji, next);
    else setText(next);
  }

  function onKey(event: KeyboardEvent): boolean {
    if (items.length === 0 || token === undefined) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const chosen = items[at];
    if (step !== 0) setActive((at + step + items.length) % items.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen !== undefined) pick(chosen);
    else if (event.key === "Escape") setOpen(false);
    else return false;
    event.preventDefault();
    return true;
  }

  /** Puts text where the caret is or last was. */
  function insert(what: string): void {
    const area = field.current;
    const start = area?.selectionStart ?? text.length;
    put({ start, end: area?.selectionEnd ?? start }, what);
    setTimeout(() => field.current?.focus(), 0);
  }

  return {
    items,
    kind: token?.kind,
    active: at,
    setActive,
    pick,
    insert,
    onInput,
    onKey,
    onCaret: setCaret,
    close: () => setOpen(false),
  };
}
