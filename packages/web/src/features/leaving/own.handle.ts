/** True when what was typed is one's own handle, with or without the sign before it, in any case. */
export function isOwnHandle(typed: string, own: string): boolean {
  return own !== "" && typed.trim().replace(/^@/, "").toLowerCase() === own;
}
