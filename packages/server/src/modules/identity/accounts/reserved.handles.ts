/** Words that mean something in a message or an address, so that nobody may be called by them. */
const RESERVED = new Set(["all", "channel", "everyone", "foyer", "here", "me", "online", "room", "server", "system"]);

/** True for handles that only the server itself gives, or that would be read as something else. */
export function isReserved(handle: string): boolean {
  return RESERVED.has(handle) || handle.startsWith("guest-");
}
