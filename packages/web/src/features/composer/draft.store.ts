const key = (roomId: string): string => `foyer.draft.${roomId}`;

/** The unfinished text of a room in this tab, or nothing. */
export function loadDraft(roomId: string): string {
  try {
    return sessionStorage.getItem(key(roomId)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps the unfinished text of a room in this tab; an empty one is forgotten. */
export function saveDraft(roomId: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(key(roomId));
    else sessionStorage.setItem(key(roomId), text);
  } catch {
    // Storage may be full or switched off: the text then lives as long as the page.
  }
}
