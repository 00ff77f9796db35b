import { createContext, use } from "react";

/** What pages may ask of the frame around them. */
export interface Shell {
  /** False on a phone, and when the list is folded away: pages then offer a button for it. */
  roomsShown: boolean;
  showRooms: () => void;
  openSwitcher: () => void;
}

/** Given by ShellLayout. */
export const ShellContext = createContext<Shell>({
  roomsShown: true,
  showRooms: () => undefined,
  openSwitcher: () => undefined,
});

/** The frame around the page. */
export function useShell(): Shell {
  return use(ShellContext);
}
