import { createContext, type ReactNode, type RefObject, use, useEffect, useRef } from "react";

const MemoryContext = createContext<RefObject<readonly HTMLElement[]> | undefined>(undefined);

/**
 * Remembers where the focus was, so that dialogs can give it back. While it is in a menu, the button of that menu
 * counts: by the time a dialog that was chosen there has opened, the menu and its items are gone.
 */
export function FocusMemory(props: { children: ReactNode }) {
  const last = useRef<readonly HTMLElement[]>([]);
  useEffect(() => {
    const remember = (event: FocusEvent) => {
      if (!(event.target instanceof HTMLElement)) return;
      const button = event.target.closest('[role="menu"]')?.getAttribute("aria-labelledby");
      last.current = wayOut(button ? document.getElementById(button) : event.target);
    };
    document.addEventListener("focusin", remember, true);
    return () => document.removeEventListener("focusin", remember, true);
  }, []);
  return <MemoryContext value={last}>{props.children}</MemoryContext>;
}

/** The element and what is around it that can take the focus, in the order in which to try them. */
function wayOut(element: HTMLElement | null): HTMLElement[] {
  const found: HTMLElement[] = element === null ? [] : [element];
  for (let next = element?.parentElement; next; next = next.parentElement) {
    if (next.hasAttribute("tabindex")) found.push(next);
  }
  return found;
}

/** Gives the focus to the first of the elements that is still there and takes it. */
export function focusFirst(elements: readonly HTMLElement[]): void {
  for (const element of elements) {
    element.focus();
    if (document.activeElement === element) return;
  }
}

/** Where the focus was last, best first; undefined outside `FocusMemory`. */
export function useFocusMemory(): RefObject<readonly HTMLElement[]> | undefined {
  return use(MemoryContext);
}
