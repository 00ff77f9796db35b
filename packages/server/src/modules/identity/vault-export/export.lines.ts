import { OperatorError } from "../../../platform/errors/operator.error.ts";

/** No line of ours is longer: not even one with the longest tokens. In UTF-16 units. */
const longestLine = 16 * 2 ** 20;

/** The lines of a text that comes in pieces, without what ends them. Throws OperatorError for one that is too long. */
export async function* linesIn(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let held: string[] = [];
  let length = 0;
  const take = () => {
    const line = held.join("").replace(/\r$/, "");
    held = [];
    length = 0;
    return line;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at >= 0; from = at + 1) {
      at = piece.indexOf("\n", from);
      const part = at < 0 ? piece.slice(from) : piece.slice(from, at);
      held.push(part);
      length += part.length;
      if (length > longestLine) throw new OperatorError("This is no export of a vault: a line in it is too long.");
      if (at >= 0) yield take();
    }
  }
  if (length > 0) yield take();
}
