const key = "foyer.last-room";

/** The room that was open last on this device, if any. */
export function lastRoom(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers, or with undefined forgets, the room to open next time. */
export function rememberRoom(roomId: string | undefined): void {
  try {
    if (roomId === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, roomId);
  } catch {
    // Storage may be switched off: the next visit then starts in general.
  }
}
