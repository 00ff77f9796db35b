import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { VirtualizerHandle } from "virtua";
import { useOpenRoom } from "../room/room.context.ts";
import type { MessageRow } from "./message.rows.ts";

/** Steps through the list by one key: how far, from where one is. */
function destination(key: string, at: number, length: number): number | undefined {
  if (key === "ArrowUp") return at - 1;
  if (key === "ArrowDown") return at + 1;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  return undefined;
}

/**
 * One stop for the tab key in the whole list: arrows walk from message to message, R answers, E edits one's own,
 * Escape goes back to the composer.
 */
export function useRoving(rows: readonly MessageRow[], list: RefObject<VirtualizerHandle | null>) {
  const { reply, edit, self, focusComposer, view } = useOpenRoom();
  const [focused, setFocused] = useState<string>();
  const wanted = useRef<string | undefined>(undefined);
  const found = focused === undefined ? -1 : rows.findIndex((row) => row.key === focused);
  const index = found === -1 ? rows.length - 1 : found;

  useEffect(() => {
    if (wanted.current === undefined || wanted.current !== focused) return;
    wanted.current = undefined;
    document.querySelector<HTMLElement>(`[data-row="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    list.current?.scrollToIndex(index, { align: "nearest" });
  }, [focused, index, list]);

  function onKeyDown(event: KeyboardEvent): void {
    const target = event.target;
    if (!(target instanceof HTMLElement) || target.dataset["row"] === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[index];
    const to = destination(event.key, index, rows.length);
    if (to !== undefined) {
      event.preventDefault();
      const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
      wanted.current = next?.key;
      setFocused(next?.key);
      return;
    }
    if (event.key === "Escape") focusComposer();
    const message = row?.message;
    if (message === undefined || message.deletedAt !== undefined || !view.rights.write) return;
    if (event.key === "r") {
      event.preventDefault();
      reply(message);
    }
    if (event.key === "e" && message.author.accountId === self?.accountId) {
      event.preventDefault();
      edit(message);
    }
  }

  function onFocus(event: FocusEvent): void {
    const key =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]")?.dataset["row"] : undefined;
    if (key !== undefined) setFocused(key);
  }

  // The focused line stays in the document when it scrolls out of sight, so that the focus is not lost.
  const mounted = found === -1 ? [] : [found];
  return { index, mounted, handlers: { onKeyDown, onFocus } };
}
