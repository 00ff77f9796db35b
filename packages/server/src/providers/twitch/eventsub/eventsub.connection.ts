import { WebSocket } from "ws";
import type { TwitchMessage } from "../../../modules/alerts/index.ts";
import { readMessage } from "./eventsub.messages.ts";
import { frameWire, sessionWire } from "./eventsub.wire.ts";

/** Who hears of one connection. After `ended` nothing more comes. */
export interface ConnectionListener {
  welcome(sessionId: string): void;
  /** Twitch asks to go on at another address; this connection stays until then. */
  reconnect(url: string): void;
  message(message: TwitchMessage): void;
  /** Why: `close_<code>`, `silent`, `no_welcome`, `unreachable`. */
  ended(why: string): void;
}

/** One WebSocket of EventSub. */
export interface Connection {
  /** Says goodbye. What is on its way still comes as messages, and nothing else; resolves when nothing comes any more. */
  close(): Promise<void>;
}

/** Frames of Twitch are small; whoever sends more is not Twitch. */
const MOST_BYTES = 262_144;
const WELCOME_MS = 10_000;
/** Twitch's silence is forgiven for so long beyond what it announced. */
const GRACE_MS = 1500;
const GOODBYE_MS = 1000;
const unreadable: TwitchMessage = { kind: "other", type: "unreadable" };

/**
 * Opens one connection. It ends when Twitch closes it, when nothing at all came for as long as Twitch said that
 * something would, or by `close`. Nothing is ever sent: Twitch ends sockets that speak.
 */
export function openConnection(url: string, listener: ConnectionListener): Connection {
  const socket = new WebSocket(url, {
    maxPayload: MOST_BYTES,
    handshakeTimeout: WELCOME_MS,
    perMessageDeflate: false,
    followRedirects: false,
  });
  let timer = setTimeout(() => end("no_welcome"), WELCOME_MS);
  let silenceMs = WELCOME_MS;
  let isOver = false;
  const closed = Promise.withResolvers<void>();

  function end(why: string): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    socket.terminate();
    listener.ended(why);
  }

  function heard(): void {
    clearTimeout(timer);
    timer = setTimeout(() => end("silent"), silenceMs);
  }

  function read(text: string): void {
    const frame = frameWire.safeParse(parsed(text));
    if (!frame.success) {
      listener.message(unreadable);
      return;
    }
    const { message_type: messageType, message_id: messageId, message_timestamp: sentAt } = frame.data.metadata;
    if (messageType === "session_welcome" || messageType === "session_reconnect") {
      const { data } = sessionWire.safeParse(frame.data.payload);
      if (data === undefined) listener.message(unreadable);
      if (data === undefined || isOver) return;
      if (messageType === "session_reconnect") {
        if (typeof data.session.reconnect_url === "string") listener.reconnect(data.session.reconnect_url);
        return;
      }
      silenceMs = (data.session.keepalive_timeout_seconds ?? WELCOME_MS / 1000) * 1000 + GRACE_MS;
      heard();
      listener.welcome(data.session.id);
    } else if (messageType !== "session_keepalive") {
      listener.message(readMessage({ messageId, sentAt, messageType }, frame.data.payload));
    }
  }

  socket.on("message", (data: Buffer, isBinary: boolean) => {
    if (!isOver) heard();
    if (!isBinary) read(data.toString("utf8"));
  });
  socket.on("error", () => {
    // A close follows wherever the socket was open; where it was not, this is all there is.
    if (socket.readyState !== WebSocket.OPEN) end("unreachable");
  });
  socket.on("close", (code) => {
    end(`close_${code}`);
    closed.resolve();
  });
  return {
    close() {
      isOver = true;
      clearTimeout(timer);
      socket.close(1000);
      // Twitch may be gone: nobody waits long for its goodbye.
      const patience = setTimeout(() => socket.terminate(), GOODBYE_MS);
      return closed.promise.finally(() => clearTimeout(patience));
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
