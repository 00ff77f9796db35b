import type { ServerFrame, ServerFrameOf, ServerFrameType } from "@foyer/protocol";
import type { Api } from "./api.types.ts";
import type { FoyerError, FoyerErrorCode } from "./foyer.error.ts";
import type { RoomHandle } from "./room.types.ts";

/** The part of a WebSocket that the client uses: the browser's, Node's own and that of `ws` all have it. */
export interface SocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
}

export type WebSocketConstructor = new (url: string) => SocketLike;

/** Waiting between attempts: a random time up to `baseMs` (500) doubled for each attempt, at most `capMs` (30,000). */
export interface BackoffOptions {
  baseMs?: number;
  capMs?: number;
}

/**
 * `url` is the origin of the server, `http(s)://…`. With `token` the client is that account (bots); without, the
 * browser's session cookie says who it is, and without a cookie it is a guest. `requestTimeoutMs` (10,000) bounds
 * every request. `recover` is asked about each call of `api` that the server refused: where it answers true, the call is
 * made once more (a step-up: show again who you are, and go on).
 */
export interface ClientOptions {
  url: string;
  token?: string | undefined;
  fetch?: typeof fetch;
  WebSocket?: WebSocketConstructor;
  backoff?: BackoffOptions;
  requestTimeoutMs?: number;
  recover?: (error: FoyerError) => Promise<boolean>;
}

/** Why a connection is down. `closeCode` is the socket's, when it got as far as that. */
export interface ConnectionReason {
  code: FoyerErrorCode;
  message: string;
  closeCode?: number;
}

/**
 * `idle`: never asked to connect. `waiting`: the next attempt is at `retryAt` (milliseconds since 1970).
 * `closed`: by `close()` (no reason), or for good, because trying again would not help. `attempt` counts failures
 * since the last time it was online. `hello` is the server's last greeting, kept while reconnecting.
 */
export interface ConnectionState {
  readonly status: "idle" | "connecting" | "online" | "waiting" | "closed";
  readonly attempt: number;
  readonly retryAt?: number;
  readonly reason?: ConnectionReason;
  readonly hello?: ServerFrameOf<"hello">;
}

/** Everything that `on` can listen to: the connection's state, and each frame of the server by its type. */
export type ClientEvents = { connection: ConnectionState } & { [T in ServerFrameType]: ServerFrameOf<T> };

export interface FoyerClient {
  /** Every HTTP operation, typed: `client.api.createRoom({ body })`. Throws `FoyerError`. */
  readonly api: Api;
  readonly connection: ConnectionState;
  /** Connects and stays connected. Does nothing while it already tries to. */
  connect(): void;
  /** Closes for good: nothing is retried, and sends without an acknowledgement fail with `connection.closed`. */
  close(): void;
  /** Ends the wait before the next attempt; when online, checks that the connection is alive. */
  retryNow(): void;
  /** Changes who the client is, and connects again if it has to. `undefined` goes back to the cookie or a guest. */
  setToken(token: string | undefined): void;
  /** Listens until the returned function is called. */
  on<E extends keyof ClientEvents>(event: E, handler: (value: ClientEvents[E]) => void): () => void;
  /** Every frame from now on, until `signal` aborts or the loop is left. */
  events(options?: { signal?: AbortSignal }): AsyncIterable<ServerFrame>;
  /** The handle of a room, the same one every time. Nothing is sent before it is opened or written to. */
  room(roomId: string): RoomHandle;
  /** All handles handed out so far. */
  rooms(): RoomHandle[];
}
