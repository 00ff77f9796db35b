/** A text with `piece` in place of what was selected, and where the cursor stands then. Positions are UTF-16 units. */
export function insertAt(
  text: string,
  selection: { start: number; end: number },
  piece: string,
): { text: string; cursor: number } {
  const start = Math.min(selection.start, text.length);
  const end = Math.max(start, Math.min(selection.end, text.length));
  return { text: text.slice(0, start) + piece + text.slice(end), cursor: start + piece.length };
}
