import type { Dialect, Step } from "./dialect.ts";

/** Foyer's own protocol, version 1. The tenth byte tells `{"type":"message"` from every other type of frame. */
export const foyerDialect: Dialect = {
  name: "Foyer",
  counting: { index: 9, byte: 0x6d, lines: true },
  path: () => "/ws",
  headers: ({ token }) => (token === undefined ? [] : [`Authorization: Bearer ${token}`]),
  enter({ room, since }, text): Step {
    if (text.startsWith('{"type":"hello"')) {
      const place = since && { epoch: since.stream, offset: Number(since.position) };
      return { send: JSON.stringify({ action: "subscribe", requestId: "join", roomId: room, since: place }) };
    }
    if (!text.startsWith('{"type":"reply"')) return undefined;
    // Put together by hand: the answer to a resume is long, and only these three things of it are wanted.
    const epoch = /"epoch":"([^"]+)"/.exec(text)?.[1];
    const offset = /"offset":(\d+),"recovered":(true|false)/.exec(text);
    if (epoch === undefined || !offset?.[1]) return { refused: text.slice(0, 200) };
    if (since && offset[2] !== "true") return { refused: "what was missed could not be recovered" };
    return {
      joined: { place: { stream: epoch, position: offset[1] }, missed: since ? occurrences(text, '"messageId":') : 0 },
    };
  },
  answer: () => undefined,
  message: (room, text, key) =>
    `{"action":"sendMessage","requestId":"${key}","clientId":"${key}","roomId":"${room}","message":"${text}"}`,
  acknowledged(text) {
    if (text.includes('"ok":false')) throw new Error(`Foyer refused: ${text.slice(0, 300)}`);
    return occurrences(text, '{"type":"reply"');
  },
};

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}
