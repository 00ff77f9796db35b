import type { Dialect, Step } from "./dialect.ts";

/** Socket.IO 4 over Engine.IO 4, WebSocket only. `42[…]` is an event; each is a WebSocket frame of its own. */
export const socketIoDialect: Dialect = {
  name: "Socket.IO",
  counting: { index: 1, byte: 0x32, lines: false },
  path: ({ room }) => `/socket.io/?EIO=4&transport=websocket&room=${room}`,
  headers: () => [],
  enter({ since }, text): Step {
    if (text.startsWith("0")) {
      return { send: since ? `40${JSON.stringify({ pid: since.stream, offset: since.position })}` : "40" };
    }
    if (text.startsWith("44")) return { refused: text };
    if (!text.startsWith("40")) return undefined;
    const { pid } = JSON.parse(text.slice(2)) as { pid?: string };
    if (since && pid !== since.stream) return { refused: "what was missed could not be recovered" };
    return { joined: { ...(pid !== undefined && { place: { stream: pid, position: "" } }), missed: 0 } };
  },
  answer: (text) => (text === "2" ? "3" : undefined),
  message: (_, text, key, acknowledged) => `42${acknowledged ? key : ""}["m","${text}"]`,
  acknowledged: (text) => (text.startsWith("43") ? 1 : 0),
  placeOf: (text) => /,"([^"]+)"\]$/.exec(text)?.[1],
};
