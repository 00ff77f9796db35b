import type { ServerFrame, ServerFrameOf } from "@foyer/protocol";
import { backoffDelay } from "./backoff.ts";
import type { BackoffOptions, ConnectionState, SocketLike, WebSocketConstructor } from "./client.types.ts";
import { reasonOfClose, reasonOfError } from "./connection.reason.ts";
import { parseFrames } from "./frame.parser.ts";
import { Heartbeat } from "./heartbeat.ts";

/** A server that accepts and drops at once must not be asked again at full speed: only then failures are forgotten. */
const steadyAfterMs = 5_000;
const helloWithinMs = 10_000;
const probeWithinMs = 5_000;

/** `address` gives the socket's URL, with a ticket if need be. The handlers are called in this order: up, frames, down. */
export interface ConnectionDeps {
  address: () => Promise<string>;
  WebSocket: WebSocketConstructor;
  backoff: BackoffOptions;
  now: () => number;
  random: () => number;
  ping: () => void;
  onState: (state: ConnectionState) => void;
  onFrames: (frames: ServerFrame[]) => void;
  onUp: () => void;
  onDown: () => void;
}

/** One socket after another: connects, greets, watches over it, and comes back after a wait. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #heartbeat: Heartbeat;
  #state: ConnectionState = { status: "idle", attempt: 0 };
  #socket: SocketLike | undefined;
  /** Rises with each attempt, so that what belongs to an earlier one is known as late. */
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onlineSince = 0;
  #goodbye: ServerFrameOf<"goodbye"> | undefined;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#heartbeat = new Heartbeat({
      ping: deps.ping,
      onDead: () => this.#ended(4000, "The server stopped answering."),
      now: deps.now,
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Starts, unless it is connected or on its way already. */
  connect(): void {
    if (this.#state.status === "idle" || this.#state.status === "closed") this.#attempt(0);
  }

  /** Closes for good, with `reason` when it was not the caller's wish. */
  close(reason?: ConnectionState["reason"]): void {
    if (this.#state.status === "idle" || this.#state.status === "closed") return;
    this.#leave(1000);
    this.#set({ status: "closed", attempt: this.#state.attempt, ...(reason && { reason }) });
  }

  retryNow(): void {
    if (this.#state.status === "waiting") this.#attempt(this.#state.attempt);
    else if (this.#state.status === "online") this.#heartbeat.probe(probeWithinMs);
  }

  /** Drops the socket and makes a new one at once, as somebody else perhaps. */
  restart(): void {
    if (this.#state.status === "idle") return;
    this.#leave(1000);
    this.#attempt(0);
  }

  /** Writes one frame. False when there is no greeted socket. */
  write(frame: object): boolean {
    if (this.#state.status !== "online" || !this.#socket) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #attempt(attempt: number): void {
    const turn = this.#next();
    this.#goodbye = undefined;
    this.#set({ status: "connecting", attempt });
    this.#deps.address().then(
      (url) => {
        if (turn === this.#turn) this.#open(url, turn);
      },
      (error: unknown) => {
        if (turn === this.#turn) this.#refused(error);
      },
    );
  }

  #open(url: string, turn: number): void {
    let socket: SocketLike;
    try {
      socket = new this.#deps.WebSocket(url);
    } catch (error) {
      this.#refused(error);
      return;
    }
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#ended(4000, "The server did not greet in time."), helloWithinMs);
    socket.addEventListener("message", (event) => {
      if (turn === this.#turn) this.#received(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (turn === this.#turn) this.#ended(event.code, event.reason);
    });
    // A close event follows each error, and tells more.
    socket.addEventListener("error", () => {});
  }

  #received(data: unknown): void {
    this.#heartbeat.heard();
    let frames: ServerFrame[];
    try {
      frames = parseFrames(typeof data === "string" ? data : "");
    } catch {
      // Going on without the frame could hide a message for ever; a new connection resumes without a gap.
      this.#ended(4000, "The server sent something that is not JSON.");
      return;
    }
    const turn = this.#turn;
    for (const frame of frames) {
      if (frame.type === "goodbye") this.#goodbye = frame;
      if (frame.type !== "hello") continue;
      const greeted = this.#state.status === "online";
      this.#set({ status: "online", attempt: this.#state.attempt, hello: frame });
      // A listener to the state may have closed the connection just now.
      if (!greeted && turn === this.#turn) this.#greeted(frame);
    }
    if (turn === this.#turn) this.#deps.onFrames(frames);
  }

  #greeted(hello: ServerFrameOf<"hello">): void {
    clearTimeout(this.#timer);
    this.#onlineSince = this.#deps.now();
    this.#heartbeat.start(hello.heartbeatSeconds * 1_000);
    this.#deps.onUp();
  }

  /** The address could not be had: for good when the server said who we are not, else for now. */
  #refused(error: unknown): void {
    const { reason, final, retryAfterMs } = reasonOfError(error);
    if (final) this.close(reason);
    else this.#wait(reason, this.#state.attempt + 1, retryAfterMs);
  }

  #ended(closeCode: number, text: string): void {
    const wasOnline = this.#state.status === "online";
    const steady = wasOnline && this.#deps.now() - this.#onlineSince >= steadyAfterMs;
    const { reason, final } = reasonOfClose(closeCode, text, this.#goodbye);
    if (final) {
      this.close(reason);
      return;
    }
    const afterMs = this.#goodbye?.afterMs ?? 0;
    this.#leave(4000);
    this.#wait(reason, steady ? 1 : this.#state.attempt + 1, afterMs);
  }

  #wait(reason: ConnectionState["reason"], attempt: number, atLeastMs: number): void {
    const delay = atLeastMs + backoffDelay(attempt, this.#deps.random, this.#deps.backoff);
    const retryAt = this.#deps.now() + delay;
    this.#timer = setTimeout(() => this.#attempt(attempt), delay);
    this.#set({ status: "waiting", attempt, retryAt, ...(reason && { reason }) });
  }

  /** Lets the socket go without waiting for its close event, which a dead one may not give for minutes. */
  #leave(closeCode: number): void {
    const socket = this.#socket;
    const wasOnline = this.#state.status === "online";
    this.#next();
    this.#socket = undefined;
    this.#heartbeat.stop();
    socket?.close(closeCode);
    if (wasOnline) {
      this.#state = { ...this.#state, status: "connecting" };
      this.#deps.onDown();
    }
  }

  #next(): number {
    clearTimeout(this.#timer);
    return ++this.#turn;
  }

  #set(state: ConnectionState): void {
    const hello = state.hello ?? this.#state.hello;
    this.#state = hello ? { ...state, hello } : state;
    this.#deps.onState(this.#state);
  }
}
