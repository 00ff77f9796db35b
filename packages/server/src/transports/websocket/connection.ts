import type { Socket } from "node:net";
import type { WebSocket } from "ws";

/**
 * One socket and what waits to be written to it. `data` is what the layer above keeps for the connection; this layer
 * never looks into it.
 */
export class Connection<Data> {
  readonly id: string;
  readonly data: Data;
  readonly socket: Socket;
  readonly webSocket: WebSocket;
  /** Topics that the connection receives live. */
  readonly topics = new Set<string>();
  /** Topics whose frames were withheld while the connection was too slow. */
  missed: Set<string> | null = null;
  /** Set while the peer owes a pong. */
  awaitingPong = false;
  /** No live frames until the socket has drained. */
  stalled = false;
  /** Nothing is written any more. */
  closed = false;
  /** Frames of this turn. The first has a field of its own: mostly there is just one. */
  private first: Buffer | null = null;
  private rest: Buffer[] | null = null;

  constructor(id: string, data: Data, webSocket: WebSocket, socket: Socket) {
    this.id = id;
    this.data = data;
    this.webSocket = webSocket;
    this.socket = socket;
  }

  /** Puts a frame in line for this turn's write. Returns true if it is the first, so that the caller plans a write. */
  push(frame: Buffer): boolean {
    if (this.first === null) {
      this.first = frame;
      return true;
    }
    if (this.rest === null) this.rest = [frame];
    else this.rest.push(frame);
    return false;
  }

  /** Writes everything in line by one system call. */
  write(): void {
    const { first, rest } = this;
    this.first = null;
    this.rest = null;
    if (first === null || this.closed) return;
    if (rest === null) {
      this.socket.write(first);
      return;
    }
    this.socket.cork();
    this.socket.write(first);
    for (const frame of rest) this.socket.write(frame);
    this.socket.uncork();
  }

  /** Bytes that the kernel has not taken yet. */
  get backlog(): number {
    return this.socket.writableLength;
  }
}
