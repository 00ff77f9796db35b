import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { nanoTime } from "./signature.ts";

/** One EventSub socket. */
export interface SocketSession {
  id: string;
  connectedAt: string;
  keepaliveSeconds: number;
  isOpen(): boolean;
  /** Somebody has subscribed for it, or made it a shard. */
  use(): void;
  /** Sends a message with Twitch's metadata. False: it is not open. */
  send(message: SocketMessage): boolean;
}

/** A message to a socket. A repetition has the same id. */
export interface SocketMessage {
  kind: "session_welcome" | "session_keepalive" | "session_reconnect" | "notification" | "revocation";
  messageId?: string | undefined;
  timestamp?: string | undefined;
  type?: string | undefined;
  version?: string | undefined;
  payload: object;
}

/** How sockets behave. All in milliseconds, but for the keepalive. */
export interface SocketRules {
  /** The shortest keepalive that may be asked for, and the one that is given unasked, in seconds. Twitch: 10. */
  keepaliveSeconds: number;
  /** Within which a new socket must be used. Twitch: 10 s. */
  unusedMs: number;
  /** How long a socket stays open after it was asked to reconnect. Twitch: 30 s. */
  reconnectMs: number;
  pingMs: number;
}

/** The EventSub sockets that are open. */
export interface Sockets {
  rules: SocketRules;
  find(id: string): SocketSession | undefined;
  all(): SocketSession[];
  /** Asks every socket to reconnect. `host` as in `127.0.0.1:4580`. */
  askToReconnect(host: string): void;
  /** Closes every socket with a code, or breaks its connection without one. */
  drop(code?: number): void;
  /** While silent, sockets get no keepalives (and no pings), as when a network swallows them. */
  silence(isOn: boolean): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface SocketsDeps {
  rules: SocketRules;
  now: () => number;
  /** A session ended; the status is what becomes of what it had. */
  gone(session: SocketSession, status: string): void;
  /** A session goes on in another socket, with another id. */
  moved(from: SocketSession, to: SocketSession): void;
}

interface Held extends SocketSession {
  socket: WebSocket;
  touch(): void;
  replacedBy: Held | undefined;
  status: string;
  challenge: string | undefined;
}

const reasons: Record<number, [reason: string, status: string]> = {
  4000: ["internal server error", "websocket_internal_error"],
  4001: ["sent inbound traffic", "websocket_received_inbound_traffic"],
  4002: ["failed ping pong", "websocket_failed_ping_pong"],
  4003: ["connection unused", "websocket_connection_unused"],
  4004: ["client reconnect grace time expired", "websocket_failed_to_reconnect"],
  4005: ["network timeout", "websocket_network_timeout"],
  4006: ["network error", "websocket_network_error"],
  4007: ["invalid reconnect attempt", "websocket_failed_to_reconnect"],
};

/** No sockets. They are taken at `/ws`. */
export function createSockets({ rules, now, gone, moved }: SocketsDeps): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Held>();
  let isSilent = false;

  function close(session: Held, code: number): void {
    const [reason = "", status = session.status] = reasons[code] ?? [];
    session.status = status;
    session.socket.close(code, reason);
  }

  function sessionWire(session: Held, status: string, reconnectUrl: string | null = null): object {
    return {
      session: {
        id: session.id,
        status,
        connected_at: session.connectedAt,
        keepalive_timeout_seconds: status === "connected" ? session.keepaliveSeconds : null,
        reconnect_url: reconnectUrl,
        recovery_url: null,
      },
    };
  }

  function open(socket: WebSocket, keepaliveSeconds: number): Held {
    let isUsed = false;
    let isAlive = true;
    let keepalive: NodeJS.Timeout | undefined;
    const session: Held = {
      id: `AgoQ${randomBytes(24).toString("base64url")}EgZjZWxsLWE`,
      connectedAt: nanoTime(now()),
      keepaliveSeconds,
      socket,
      replacedBy: undefined,
      challenge: undefined,
      status: "websocket_disconnected",
      isOpen: () => socket.readyState === socket.OPEN,
      use() {
        isUsed = true;
      },
      send({ kind, messageId = randomUUID(), timestamp = nanoTime(now()), type, version, payload }) {
        if (!session.isOpen()) return false;
        const about = type === undefined ? {} : { subscription_type: type, subscription_version: version };
        const metadata = { message_id: messageId, message_type: kind, message_timestamp: timestamp, ...about };
        socket.send(JSON.stringify({ metadata, payload }));
        session.touch();
        return true;
      },
      touch() {
        clearTimeout(keepalive);
        keepalive = setTimeout(() => {
          if (isSilent) session.touch();
          else session.send({ kind: "session_keepalive", payload: {} });
        }, keepaliveSeconds * 1000);
      },
    };
    const unused = setTimeout(() => {
      if (!isUsed) close(session, 4003);
    }, rules.unusedMs);
    const ping = setInterval(() => {
      if (isSilent) return;
      if (!isAlive) close(session, 4002);
      isAlive = false;
      socket.ping();
    }, rules.pingMs);
    socket.on("pong", () => {
      isAlive = true;
    });
    socket.on("message", () => close(session, 4001));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(unused);
      clearTimeout(keepalive);
      clearInterval(ping);
      sessions.delete(session.id);
      if (session.replacedBy === undefined) gone(session, session.status);
    });
    sessions.set(session.id, session);
    return session;
  }

  function accept(socket: WebSocket, query: URLSearchParams): void {
    const asked = Number(query.get("keepalive_timeout_seconds") ?? rules.keepaliveSeconds);
    const seconds = Number.isFinite(asked) ? asked : rules.keepaliveSeconds;
    const session = open(socket, Math.min(600, Math.max(rules.keepaliveSeconds, Math.trunc(seconds))));
    const challenge = query.get("challenge");
    if (challenge === null) {
      session.send({ kind: "session_welcome", payload: sessionWire(session, "connected") });
      return;
    }
    const before = [...sessions.values()].find((each) => each.challenge === challenge && each.id === query.get("id"));
    if (before === undefined || before.replacedBy !== undefined) {
      close(session, 4007);
      return;
    }
    session.keepaliveSeconds = before.keepaliveSeconds;
    session.use();
    // The welcome goes first: until it is there, events still come over the socket of before.
    session.send({ kind: "session_welcome", payload: sessionWire(session, "connected") });
    before.replacedBy = session;
    moved(before, session);
  }

  return {
    rules,
    find: (id) => sessions.get(id),
    all: () => [...sessions.values()].filter((each) => each.isOpen()),
    askToReconnect(host) {
      for (const session of sessions.values()) {
        if (session.challenge !== undefined) continue;
        session.challenge = randomUUID();
        const url = `ws://${host}/ws?challenge=${session.challenge}&id=${encodeURIComponent(session.id)}`;
        session.send({ kind: "session_reconnect", payload: sessionWire(session, "reconnecting", url) });
        const timer = setTimeout(() => close(session, 4004), rules.reconnectMs);
        session.socket.on("close", () => clearTimeout(timer));
      }
    },
    drop(code) {
      for (const session of sessions.values()) {
        if (code === undefined) session.socket.terminate();
        else close(session, code);
      }
    },
    silence(isOn) {
      isSilent = isOn;
    },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? "/", "ws://localhost");
      if (url.pathname !== "/ws") {
        socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => accept(opened, url.searchParams));
    },
  };
}
